using Microsoft.Playwright;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Sweep.Tests.Client.Dashboard.Browser;

/// <summary>What the page does without a mouse, and what it tells who looks elsewhere.</summary>
public sealed class KeysPageTests(Chromium chromium)
{
    [Fact]
    public async Task Keys_WhenPressed_ListThemselvesSwitchTabsAndGoThroughRows()
    {
        await using PageHost host = await PageHost.StartAsync();
        SweepSpec spec = await host.SubmitAsync();
        await host.SubmitAsync("other");
        await host.CompleteAsync(24);
        await using Visit visit = await chromium.VisitAsync(host);
        await visit.OpenAsync("/");
        IKeyboard keys = visit.Page.Keyboard;
        await Expect(visit.Page.Locator(".sweep-card")).ToHaveCountAsync(2);

        await keys.PressAsync("?");
        await Expect(visit.Page.GetByRole(AriaRole.Dialog, new() { Name = "Keys" })).ToBeVisibleAsync();
        Assert.Empty(await visit.AxeAsync());
        await keys.PressAsync("Escape");
        await Expect(visit.Page.Locator("dialog")).ToHaveCountAsync(0);

        // Through the sweeps, and into the first of them.
        await keys.PressAsync("j");
        string first = (await visit.Page.Locator(":focus").TextContentAsync())!;
        await keys.PressAsync("j");
        await Expect(visit.Page.Locator(":focus")).Not.ToHaveTextAsync(first);
        await keys.PressAsync("k");
        await Expect(visit.Page.Locator(":focus")).ToHaveTextAsync(first);
        await keys.PressAsync("Enter");
        await Expect(visit.Page.Locator("h1")).ToHaveTextAsync(first);

        // Tabs by their place; rows of the table also beyond what is drawn.
        await visit.OpenAsync($"/sweeps/{spec.Id}");
        await Expect(visit.Page.Locator("nav.tabs a")).Not.ToHaveCountAsync(0);
        int trials = (await visit.Page.Locator("nav.tabs a").AllTextContentsAsync()).ToList().FindIndex(t => t.StartsWith("Trials", StringComparison.Ordinal));
        await keys.PressAsync($"{trials + 1}");
        ILocator rows = visit.Page.Locator(".vt-body .vt-row:not(.pending)");
        await Expect(rows.First).ToBeVisibleAsync();
        for (int i = 0; i < 24; i++)
            await keys.PressAsync("j");
        await Expect(visit.Page.Locator(".vt-row:has(:focus)")).ToHaveAttributeAsync("aria-rowindex", "25");
        string id = (await visit.Page.Locator(":focus").GetAttributeAsync("title"))!;
        await keys.PressAsync("Enter");
        await visit.Page.WaitForURLAsync($"**/trials/{id}");
        visit.AssertClean();
    }

    [Fact]
    public async Task Palette_WhenTypedInto_GoesToATabASweepAndATrial()
    {
        await using PageHost host = await PageHost.StartAsync();
        SweepSpec spec = await host.SubmitAsync();
        await host.SubmitAsync("other");
        string trial = TrialExpansion.Expand(spec).Last().Id;
        await using Visit visit = await chromium.VisitAsync(host);
        await visit.OpenAsync($"/sweeps/{spec.Id}");
        await Expect(visit.Page.Locator("nav.tabs a")).Not.ToHaveCountAsync(0);
        IKeyboard keys = visit.Page.Keyboard;
        ILocator field = visit.Page.GetByRole(AriaRole.Combobox, new() { Name = "Go to" });

        await keys.PressAsync("Control+k");
        await field.FillAsync("spec");
        Assert.Empty(await visit.AxeAsync());
        await keys.PressAsync("Enter");
        await Expect(visit.Page.Locator("nav.tabs a[aria-current]")).ToHaveTextAsync("Spec");

        await keys.PressAsync(":");
        await field.FillAsync(trial[..8]);
        await Expect(visit.Page.GetByRole(AriaRole.Option)).ToContainTextAsync([trial[..12]]);
        await keys.PressAsync("Enter");
        await visit.Page.WaitForURLAsync($"**/trials/{trial}");

        await keys.PressAsync("Control+k");
        await field.FillAsync("other sweep");
        await keys.PressAsync("Enter");
        await Expect(visit.Page.Locator("h1")).ToHaveTextAsync("other");

        await keys.PressAsync("Control+k");
        await field.FillAsync("nothing is called so");
        await Expect(visit.Page.GetByText("Nothing is called that.")).ToBeVisibleAsync();
        Assert.Empty(await visit.AxeAsync());
        visit.AssertClean();
    }

    [Fact]
    public async Task Keys_WhileOneTypesOrHasTurnedThemOff_DoNothing()
    {
        await using PageHost host = await PageHost.StartAsync();
        SweepSpec spec = await host.SubmitAsync();
        await using Visit visit = await chromium.VisitAsync(host);
        await visit.OpenAsync($"/sweeps/{spec.Id}?tab=trials");
        IKeyboard keys = visit.Page.Keyboard;
        ILocator search = visit.Page.Locator("main input[type=search]");
        await Expect(visit.Page.Locator(".vt-body .vt-row:not(.pending)").First).ToBeVisibleAsync();

        await keys.PressAsync("/");
        await Expect(search).ToBeFocusedAsync();
        await keys.TypeAsync("1j?:");
        await Expect(search).ToHaveValueAsync("1j?:");
        await Expect(visit.Page.Locator("dialog")).ToHaveCountAsync(0);
        await Expect(visit.Page.Locator("nav.tabs a[aria-current]")).ToContainTextAsync("Trials");

        await visit.Button("Keys").ClickAsync();
        await visit.Page.GetByLabel("Single keys act").UncheckAsync();
        await visit.Button("Close").ClickAsync();
        await visit.Page.Locator("h1").ClickAsync();
        await keys.TypeAsync("1?");
        await Expect(visit.Page.Locator("nav.tabs a[aria-current]")).ToContainTextAsync("Trials");
        await Expect(visit.Page.Locator("dialog")).ToHaveCountAsync(0);
        await keys.PressAsync("Control+k");
        await Expect(visit.Page.Locator("dialog")).ToHaveCountAsync(1);
        visit.AssertClean();
    }

    [Fact]
    public async Task Notifier_WhenAskedFor_TellsOfTheFirstFailureAndTheEndAlsoAfterAReload()
    {
        await using PageHost host = await PageHost.StartAsync();
        await host.SubmitAsync();
        await using Visit visit = await chromium.VisitAsync(host);
        await visit.Page.AddInitScriptAsync(
            """
            window.asked = 0;
            window.Notification = class {
              static get permission() { return localStorage.getItem('test.permission') ?? 'default'; }
              static async requestPermission() { window.asked++; localStorage.setItem('test.permission', 'granted'); return 'granted'; }
              constructor(title, options) {
                const { dataset } = document.documentElement;
                dataset.told = `${dataset.told ?? ''}${title}: ${options.body} | `;
              }
            };
            """);
        await visit.OpenAsync("/");
        await Expect(visit.Page.Locator(".sweep-card")).ToHaveCountAsync(1);
        Assert.Equal(0, await visit.Page.EvaluateAsync<int>("asked"));
        await visit.Button("Notify me").ClickAsync();
        await Expect(visit.Button("Notifying")).ToHaveAttributeAsync("aria-pressed", "true");

        await host.CompleteAsync(20);
        await host.FailAsync("the loss is NaN");
        await Expect(visit.Page.Locator(".sweep-card")).ToContainTextAsync("1 failed");
        await Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("data-told", "tiny: 1 trial failed: 20 of 24 trials completed so far. | ");

        await visit.Page.ReloadAsync();
        await Expect(visit.Button("Notifying")).ToBeVisibleAsync();
        await Expect(visit.Page.Locator(".sweep-card")).ToContainTextAsync("21 of 24 trials");
        await host.CompleteAsync(24);
        await Expect(visit.Page.Locator("html[data-told^='tiny is done, 1 failed: ']")).ToHaveCountAsync(1);
        Assert.Equal(0, await visit.Page.EvaluateAsync<int>("asked"));

        await visit.Button("Notifying").ClickAsync();
        await Expect(visit.Button("Notify me")).ToBeVisibleAsync();
        visit.AssertClean();
    }

    [Fact]
    public async Task Scatter_WhenAPointIsPressed_OpensItsTrial()
    {
        await using PageHost host = await PageHost.StartAsync();
        SweepSpec spec = await host.SubmitAsync();
        Lease lease = (await host.Coordinator.LeaseAsync(new LeaseRequest("node-a/gpu0", 1), CancellationToken.None))[0];
        await host.Coordinator.FailAsync(lease, new AttemptFailure(AttemptOutcome.Failed, "again"), CancellationToken.None);
        await host.CompleteAsync(1);
        await using Visit visit = await chromium.VisitAsync(host);
        await visit.OpenAsync($"/sweeps/{spec.Id}?tab=parameters");
        ILocator panel = visit.Page.Locator("section.panel", new() { Has = visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Any two columns" }) });
        await panel.ScrollIntoViewIfNeededAsync();
        await panel.GetByLabel("across").SelectOptionAsync("energy_distance");
        await panel.GetByLabel("up").SelectOptionAsync("log_likelihood");
        await Expect(panel).ToContainTextAsync("1 trial; press one to open it.");
        await panel.Locator("details.data summary").ClickAsync();
        await Expect(panel.Locator("details.data tbody tr")).ToHaveCountAsync(1);
        Assert.Empty(await visit.AxeAsync());

        // The only point is in the middle of its axes. It is drawn when the page has time for it: until then pressing it does nothing.
        ILocator chart = panel.Locator(".chart"), trial = visit.Page.Locator(".chip[data-state=completed]").First;
        await Expect(chart.Locator("canvas")).ToHaveCountAsync(1);
        for (int tries = 0; tries < 12 && !visit.Page.Url.Contains("/trials/", StringComparison.Ordinal); tries++)
        {
            LocatorBoundingBoxResult box = (await chart.BoundingBoxAsync())!;
            await chart.ClickAsync(new() { Position = new() { X = 68 + ((box.Width - 68 - 18) / 2), Y = 30 + ((box.Height - 30 - 50) / 2) } });
            await Task.WhenAny(trial.WaitForAsync(new() { Timeout = 10_000 }));
        }

        await Expect(trial).ToBeVisibleAsync();
        Assert.Contains("/trials/", visit.Page.Url, StringComparison.Ordinal);
        visit.AssertClean();
    }
}
