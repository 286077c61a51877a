using Microsoft.Playwright;
using Sweep.Grains.Specs;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Sweep.Tests.Client.Dashboard.Browser;

/// <summary>Trials and groups that someone chooses in the table, beside each other.</summary>
public sealed class ComparePageTests(Chromium chromium)
{
    [Fact]
    public async Task Trials_WhenChosenByTheirBoxes_AreComparedByWhatDiffers()
    {
        await using PageHost host = await PageHost.StartAsync();
        SweepSpec spec = await host.SubmitAsync();
        await host.CompleteAsync(24);
        await using Visit visit = await chromium.VisitAsync(host);
        await visit.OpenAsync($"/sweeps/{spec.Id}?tab=trials&where.preprocessing=gaussianize&where.seed=0&sort=log_likelihood&desc=1");
        ILocator boxes = visit.Page.Locator(".vt-body .vt-row:not([hidden]) input[type=checkbox]");
        await Expect(boxes).ToHaveCountAsync(4);
        foreach (string width in new[] { "64", "16" })
        {
            TrialSpec trial = TrialExpansion.Expand(spec).Single(t => t.Seed == 0 && t.Axes["width"]!.ToJsonString() == width
                && t.Axes["preprocessing"]!.ToJsonString().Contains("gaussianize", StringComparison.Ordinal));
            await visit.Page.GetByLabel($"Compare trial {trial.Id}").CheckAsync();
        }

        await Expect(visit.Page.Locator(".picks")).ToContainTextAsync("2 trials chosen");

        await visit.Page.Locator(".picks").GetByRole(AriaRole.Link).ClickAsync();

        ILocator table = visit.Page.Locator("table.compared");
        await Expect(table.Locator("thead th")).ToHaveCountAsync(2);
        await Expect(table.Locator("tbody").First).ToHaveTextAsync("Settings that differwidth6416");
        await Expect(table.GetByRole(AriaRole.Row, new LocatorGetByRoleOptions { Name = "Log-likelihood (nats)" }).Locator("b")).ToContainTextAsync("2.163");
        await Expect(table).Not.ToContainTextAsync("preprocessing");
        await Expect(visit.Page.Locator("figure .chart canvas")).Not.ToHaveCountAsync(0);
        await Expect(visit.Page.Locator("figure").First.Locator(".keys")).ToHaveTextAsync("6416");

        // What is compared is in the address; taking one out is too.
        await visit.Page.ReloadAsync();
        await visit.Button("Take 16 out").ClickAsync();
        await Expect(table.Locator("thead th")).ToHaveCountAsync(1);
        await visit.Page.GoBackAsync();
        await Expect(table.Locator("thead th")).ToHaveCountAsync(2);
        visit.AssertClean();
    }

    [Fact]
    public async Task Groups_WhenChosen_HaveTheirMeansAndSortByThem()
    {
        await using PageHost host = await PageHost.StartAsync();
        SweepSpec spec = await host.SubmitAsync();
        await host.CompleteAsync(24);
        await using Visit visit = await chromium.VisitAsync(host);
        await visit.OpenAsync($"/sweeps/{spec.Id}?tab=trials");
        await visit.Button("groups").ClickAsync();
        await Expect(visit.Page.Locator(".trials-panel .status")).ToHaveTextAsync("8 groups");
        ILocator head = visit.Page.Locator(".vt-head");

        // The best first, whichever way that is.
        await head.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Log-likelihood" }).ClickAsync();
        await Expect(head.Locator("[aria-sort=descending]")).ToContainTextAsync("Log-likelihood");
        await Expect(visit.Page.Locator("[aria-rowindex='2'][role=row]")).ToContainTextAsync("gaussianize643 of 3");
        await head.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Energy distance" }).ClickAsync();
        await Expect(head.Locator("[aria-sort=ascending]")).ToContainTextAsync("Energy distance");
        await Expect(visit.Page.Locator("[aria-rowindex='2'][role=row]")).ToContainTextAsync("gaussianize643 of 3");

        await visit.Page.GetByLabel("Compare group gaussianize, 64").CheckAsync();
        await visit.Page.GetByLabel("Compare group standardize, 64").CheckAsync();
        await visit.Page.Locator(".picks").GetByRole(AriaRole.Link).ClickAsync();
        ILocator table = visit.Page.Locator("table.compared");
        await Expect(table.Locator("tbody").First).ToContainTextAsync("gaussianizestandardize");
        await Expect(table.GetByRole(AriaRole.Row, new LocatorGetByRoleOptions { Name = "Log-likelihood (nats)" }).Locator("b")).ToContainTextAsync("[");
        visit.AssertClean();
    }

    [Fact]
    public async Task Compare_WhenTheAddressNamesWhatIsNotThere_SaysSoAndShowsTheRest()
    {
        await using PageHost host = await PageHost.StartAsync();
        SweepSpec spec = await host.SubmitAsync();
        await host.CompleteAsync(24);
        await using Visit visit = await chromium.VisitAsync(host);
        await visit.OpenAsync($"/sweeps/{spec.Id}?tab=compare&pick={TrialExpansion.Expand(spec).First().Id},00000000,:nowhere:8");
        await Expect(visit.Page.Locator("table.compared thead th")).ToHaveCountAsync(1);
        await Expect(visit.Page.Locator("main .warning")).ToContainTextAsync("00000000: no trial");
        await visit.Button("Take it out").ClickAsync();
        await Expect(visit.Page.Locator("main .warning")).ToHaveCountAsync(0);
        visit.AssertClean();
    }

    [Fact]
    public async Task Columns_WhenTakenOut_StayOutInTheAddress()
    {
        await using PageHost host = await PageHost.StartAsync();
        SweepSpec spec = await host.SubmitAsync();
        await host.CompleteAsync(3);
        await using Visit visit = await chromium.VisitAsync(host);
        await visit.OpenAsync($"/sweeps/{spec.Id}?tab=trials");
        ILocator head = visit.Page.Locator(".vt-head");
        await Expect(head).ToContainTextAsync("silo");
        await visit.Page.Locator(".column-choice summary").ClickAsync();
        await visit.Page.Locator(".column-choice").GetByLabel("silo").UncheckAsync();
        await Expect(head).Not.ToContainTextAsync("silo");
        await visit.Page.ReloadAsync();
        await Expect(head).ToContainTextAsync("message");
        await Expect(head).Not.ToContainTextAsync("silo");
        visit.AssertClean();
    }

    /// <summary>On a phone's width the compared metric is in sight without a scroll, and what is beside the point is not there.</summary>
    [Fact]
    public async Task Trials_OnAPhone_ShowWhatMatters()
    {
        await using PageHost host = await PageHost.StartAsync();
        SweepSpec spec = await host.SubmitAsync();
        await host.CompleteAsync(3);
        await using Visit visit = await chromium.VisitAsync(host, width: 390);
        await visit.OpenAsync($"/sweeps/{spec.Id}?tab=trials");
        ILocator head = visit.Page.Locator(".vt-head");
        LocatorBoundingBoxResult metric = (await head.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Log-likelihood" }).BoundingBoxAsync())!;
        Assert.InRange(metric.X + metric.Width, 0, 390);
        await Expect(head).ToContainTextAsync("width");
        await Expect(head).Not.ToContainTextAsync("silo");
        visit.AssertClean();
    }
}
