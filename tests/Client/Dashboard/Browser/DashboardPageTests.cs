using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sweep.Grains.Specs;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Sweep.Tests.Client.Dashboard.Browser;

/// <summary>The dashboard's page as someone sees it, in a real browser under the server's real headers.</summary>
public sealed partial class DashboardPageTests(Chromium chromium)
{
    private const string Token = "an-operators-token-for-tests", ReaderToken = "a-readers-token-for-tests";

    /// <summary>The style sheet that it shares with the report lays that out otherwise.</summary>
    [Fact]
    public async Task Page_OnAWideScreen_HasItsNavigationInTheBar()
    {
        await using PageHost host = await PageHost.StartAsync();
        await using Visit visit = await chromium.VisitAsync(host, width: 1600);
        await visit.OpenAsync("/");
        LocatorBoundingBoxResult bar = (await visit.Page.Locator("header.bar").BoundingBoxAsync())!;
        LocatorBoundingBoxResult silos = (await visit.Link("Silos").BoundingBoxAsync())!;
        Assert.InRange(silos.Y + silos.Height, bar.Y, bar.Y + bar.Height + 1);
    }

    [Fact]
    public async Task Sweep_WhenHalfDone_AnswersTheFourQuestions()
    {
        await using PageHost host = await PageHost.StartAsync();
        SweepSpec spec = await host.SubmitAsync();
        await host.CompleteAsync(20);
        await host.FailAsync("the loss is NaN at step 7");
        await using Visit visit = await chromium.VisitAsync(host);

        await visit.OpenAsync($"/sweeps/{spec.Id}");

        await Expect(visit.Glance("far")).ToContainTextAsync("21 of 24 trials");
        await Expect(visit.Glance("far")).ToContainTextAsync("3 queued");
        await Expect(visit.Glance("long")).ToContainTextAsync("Waiting for a worker");
        await Expect(visit.Glance("what-failed")).ToContainTextAsync("the loss is NaN at step 7");
        await Expect(visit.Glance("what-wins")).ToContainTextAsync("gaussianize reaches a better final log-likelihood than standardize");
        await Expect(visit.Glance("what-wins")).ToContainTextAsync(Certain());
        await Expect(visit.Page).ToHaveTitleAsync("tiny – Sweep");
        visit.AssertClean();
    }

    [Fact]
    public async Task Sweep_WhenTrialsComplete_MovesByItself()
    {
        await using PageHost host = await PageHost.StartAsync();
        SweepSpec spec = await host.SubmitAsync();
        await host.CompleteAsync(4);
        await using Visit visit = await chromium.VisitAsync(host);
        await visit.OpenAsync($"/sweeps/{spec.Id}?tab=curves");
        ILocator numbers = visit.Page.Locator("details.data").First;
        await numbers.Locator("summary").ClickAsync();
        ILocator rows = numbers.Locator("tbody tr");
        await Expect(rows).Not.ToHaveCountAsync(0);
        int before = await rows.CountAsync();

        await host.CompleteAsync(20);

        // The same figure, with the curves of the groups that came in since; the reader's open table stays open.
        await Expect(visit.Glance("far")).ToContainTextAsync("24 of 24 trials");
        await Expect(rows).Not.ToHaveCountAsync(before);
        Assert.True(await rows.CountAsync() > before);
        await visit.Link("Overview").ClickAsync();
        await Expect(visit.Page.Locator(".heat-table td").First).ToHaveTextAsync("3/3");
        visit.AssertClean();
    }

    [Fact]
    public async Task Actions_WhenConfirmed_PauseAndResume()
    {
        await using PageHost host = await PageHost.StartAsync();
        SweepSpec spec = await host.SubmitAsync();
        await using Visit visit = await chromium.VisitAsync(host);
        await visit.OpenAsync($"/sweeps/{spec.Id}");
        ILocator state = visit.Page.Locator(".head .chip").First;

        await visit.Button("Pause: tiny").ClickAsync();
        await visit.Page.Keyboard.PressAsync("Escape");
        await Expect(visit.Page.Locator("dialog")).ToHaveCountAsync(0);
        await Expect(state).ToHaveTextAsync("waiting");

        await visit.Button("Pause: tiny").ClickAsync();
        await visit.Button("Pause").ClickAsync();
        await Expect(state).ToHaveTextAsync("paused");
        await visit.Button("Resume: tiny").ClickAsync();
        await visit.Button("Resume").ClickAsync();
        await Expect(state).ToHaveTextAsync("waiting");
        visit.AssertClean();
    }

    [Fact]
    public async Task Note_WhenWritten_IsShownAndItsTagFindsTheSweep()
    {
        await using PageHost host = await PageHost.StartAsync(o => o with { Token = Token, ReaderToken = ReaderToken });
        SweepSpec spec = await host.SubmitAsync();
        await host.SubmitAsync("other");
        await using Visit visit = await chromium.VisitAsync(host);
        await visit.LogInAsync(Token, $"/sweeps/{spec.Id}");

        await visit.Button("Add a note").ClickAsync();
        Assert.Empty(await visit.AxeAsync());
        await visit.Page.GetByLabel("Note", new() { Exact = true }).FillAsync("<b>for</b> the paper\nwidth 64 again");
        await visit.Page.GetByLabel("Tags, separated by commas").FillAsync($"paper, {new string('x', 41)}");
        await visit.Button("Save").ClickAsync();
        await Expect(visit.Page.Locator("#note-trouble")).ToContainTextAsync("allowed: at most 40");
        await visit.Page.GetByLabel("Tags, separated by commas").FillAsync("paper, to do,");
        await visit.Button("Save").ClickAsync();
        await Expect(visit.Page.Locator(".note-text")).ToHaveTextAsync("<b>for</b> the paper\nwidth 64 again");
        Assert.Empty(await visit.AxeAsync());

        await visit.Link("paper").ClickAsync();
        await Expect(visit.Page.Locator(".sweep-card")).ToHaveCountAsync(1);
        await Expect(visit.Page.Locator(".sweep-card .tag")).ToHaveTextAsync(["paper", "to do"]);
        await Expect(visit.Page.GetByLabel("Tag", new() { Exact = true })).ToHaveValueAsync("paper");
        Assert.Empty(await visit.AxeAsync());
        await visit.Page.GetByLabel("Tag", new() { Exact = true }).SelectOptionAsync("");
        await Expect(visit.Page.Locator(".sweep-card")).ToHaveCountAsync(2);

        // Who may only read sees it and can't change it.
        await visit.Button("Log out").ClickAsync();
        await visit.LogInAsync(ReaderToken, $"/sweeps/{spec.Id}");
        await Expect(visit.Page.Locator(".note-text")).ToContainTextAsync("width 64 again");
        await Expect(visit.Button("Edit the note")).ToHaveCountAsync(0);
        visit.AssertClean();
    }

    [Fact]
    public async Task Login_WhenTheTokenIsWrong_SaysSoAndThenLetsIn()
    {
        await using PageHost host = await PageHost.StartAsync(o => o with { Token = Token, ReaderToken = ReaderToken });
        SweepSpec spec = await host.SubmitAsync();
        await using Visit visit = await chromium.VisitAsync(host);
        await visit.OpenAsync($"/sweeps/{spec.Id}?tab=trials");

        await visit.Page.GetByLabel("Token").FillAsync("not-the-token-of-this-server");
        await visit.Button("Log in").ClickAsync();
        await Expect(visit.Page.Locator(".field-error")).Not.ToBeEmptyAsync();
        Assert.Empty(await visit.AxeAsync());

        // Logged in, the reader is where the link led.
        await visit.Page.GetByLabel("Token").FillAsync(ReaderToken);
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Page.Locator(".vt-body .vt-row").First).ToBeVisibleAsync();
        await Expect(visit.Page.Locator(".who")).ToHaveTextAsync("read only");
        await Expect(visit.Button("Pause: tiny")).ToHaveCountAsync(0);

        await visit.Button("Log out").ClickAsync();
        await visit.Page.GetByLabel("Token").FillAsync(Token);
        await visit.Button("Log in").ClickAsync();
        await Expect(visit.Button("Pause: tiny")).ToBeVisibleAsync();
        visit.AssertClean();
    }

    [Fact]
    public async Task Link_WhenOpened_ShowsTheSweepsAndNoTokenInTheAddress()
    {
        await using PageHost host = await PageHost.StartAsync(o => o.WithGeneratedToken());
        await host.SubmitAsync();
        await using Visit visit = await chromium.VisitAsync(host);
        await visit.Page.GotoAsync(host.Link);
        await Expect(visit.Link("tiny").First).ToBeVisibleAsync();
        Assert.Equal(host.Url, visit.Page.Url);
        await Expect(visit.Button("Log out")).ToBeVisibleAsync();

        // Neither a script nor the history has it.
        string token = host.Link.Split("token=")[1];
        Assert.DoesNotContain(token,
            await visit.Page.EvaluateAsync<string>(
            "() => document.cookie + document.referrer + document.documentElement.outerHTML + JSON.stringify(localStorage)"), StringComparison.Ordinal);
        await visit.Page.ReloadAsync();
        await Expect(visit.Link("tiny").First).ToBeVisibleAsync();
        await visit.Page.GoBackAsync();
        Assert.DoesNotContain(token, visit.Page.Url, StringComparison.Ordinal);
        visit.AssertClean();
    }

    [Fact]
    public async Task Link_WhenItIsOfTheServerBefore_AsksForATokenAndSaysWhereItIs()
    {
        await using PageHost host = await PageHost.StartAsync(o => o.WithGeneratedToken());
        string old = host.Link;
        await host.GoAwayAsync();
        await host.ServeAsync();
        await using Visit visit = await chromium.VisitAsync(host);
        await visit.Page.GotoAsync(old);
        await Expect(visit.Page.GetByLabel("Token")).ToBeVisibleAsync();
        await Expect(visit.Page.Locator("#token-help")).ToContainTextAsync("the link that the server printed");
        Assert.Empty(await visit.AxeAsync());
        visit.AssertClean();
    }

    [Fact]
    public async Task Names_WhenTheyAreMarkup_AreShownAsTheyAre()
    {
        // A name may have no slash, so no closing tag; messages and silos may.
        const string Name = "<img src=x onerror=window.hacked=1><script>window.hacked=2";
        await using PageHost host = await PageHost.StartAsync();
        SweepSpec spec = await host.SubmitAsync(Name);
        await host.CompleteAsync(6);
        await host.FailAsync("</script><script>window.hacked=3</script><img src=x onerror=window.hacked=4> broke");
        await using Visit visit = await chromium.VisitAsync(host);
        foreach (string path in new[] { "/", "/silos", $"/sweeps/{spec.Id}", $"/sweeps/{spec.Id}?tab=failures", $"/sweeps/{spec.Id}?tab=trials&state=failed",
            $"/sweeps/{spec.Id}?tab=curves" })
        {
            await visit.OpenAsync(path);
            await Expect(visit.Page.Locator("main")).ToContainTextAsync(path == "/silos" ? "<b>silo</b>" : Name);
            Assert.Null(await visit.Page.EvaluateAsync("() => window.hacked ?? null"));
            Assert.Equal(0, await visit.Page.Locator("main script, main img, main b:text-is('silo')").CountAsync());
        }

        visit.AssertClean();
    }

    [Fact]
    public async Task Connection_WhenTheServerGoesAndComes_IsSaidAndMendsItself()
    {
        await using PageHost host = await PageHost.StartAsync();
        SweepSpec spec = await host.SubmitAsync();
        await host.CompleteAsync(6);
        await using Visit visit = await chromium.VisitAsync(host);
        await visit.OpenAsync($"/sweeps/{spec.Id}");
        await Expect(visit.Glance("far")).ToContainTextAsync("6 of 24 trials");

        await host.GoAwayAsync();
        await Expect(visit.Page.Locator(".banner")).ToContainTextAsync("Connection lost since");

        // What was known stays to be seen.
        await Expect(visit.Glance("far")).ToContainTextAsync("6 of 24 trials");
        await host.CompleteAsync(6);
        await host.ServeAsync();
        await Expect(visit.Page.Locator(".banner")).ToBeHiddenAsync();
        await Expect(visit.Glance("far")).ToContainTextAsync("12 of 24 trials");
        visit.AssertClean();
    }

    [Fact]
    public async Task Run_WhenItEndsWithItsServer_IsShownAsItEndedWithoutAlarm()
    {
        await using PageHost host = await PageHost.StartAsync(o => o with { Embedded = true });
        SweepSpec spec = await host.SubmitAsync();
        await host.CompleteAsync(23);
        await using Visit visit = await chromium.VisitAsync(host);
        await visit.OpenAsync($"/sweeps/{spec.Id}");
        await Expect(visit.Glance("what-wins")).ToContainTextAsync("from 23 of 24 trials");

        await host.CompleteAsync(1);
        await host.GoAwayAsync();

        await Expect(visit.Page.Locator(".banner"))
            .ToContainTextAsync("The run and its server have ended. The page shows the final state. To serve it again: ./sweep serve --out ");
        await Expect(visit.Glance("far")).ToContainTextAsync("24 of 24 trials");
        await Expect(visit.Glance("what-wins")).ToContainTextAsync("from 24 of 24 trials");
        await Expect(visit.Page.Locator("body.stale")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Link_WhenOpenedAgain_ShowsTheSameView()
    {
        await using PageHost host = await PageHost.StartAsync();
        SweepSpec spec = await host.SubmitAsync();
        await host.CompleteAsync(24);
        await using Visit visit = await chromium.VisitAsync(host);
        await visit.OpenAsync($"/sweeps/{spec.Id}");
        ILocator status = visit.Page.Locator(".trials-panel .status");

        // A square of the grid filters; the filter holds for the trials, and the address has both.
        await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "preprocessing gaussianize, width 16" }).ClickAsync();
        await visit.Link("Trials").First.ClickAsync();
        await Expect(status).ToHaveTextAsync("3 of 24 trials");
        await visit.Page.Locator(".vt-head").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Log-likelihood" }).ClickAsync();
        await Expect(visit.Page.Locator("[aria-sort=descending]")).ToContainTextAsync("Log-likelihood");

        await using Visit other = await chromium.VisitAsync(host);
        await other.OpenAsync(new Uri(visit.Page.Url).PathAndQuery);
        await Expect(other.Page.Locator(".trials-panel .status")).ToHaveTextAsync("3 of 24 trials");
        await Expect(other.Page.Locator("[aria-sort=descending]")).ToContainTextAsync("Log-likelihood");

        await visit.Page.GoBackAsync();
        await Expect(visit.Page.Locator("[aria-sort=descending]")).ToHaveCountAsync(0);
        await visit.Page.GoBackAsync();
        await Expect(visit.Page.Locator(".heat-table [aria-pressed=true]")).ToHaveCountAsync(1);
        visit.AssertClean();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task Views_WhenCheckedByAxe_AreAccessibleAndFitTheWindow(ColorScheme scheme, int width)
    {
        await using PageHost host = await PageHost.StartAsync();
        SweepSpec spec = await host.SubmitAsync();
        await host.CompleteAsync(18);
        await host.FailAsync("the loss is NaN at step 7");
        await using Visit visit = await chromium.VisitAsync(host, width, scheme);
        string sweep = $"/sweeps/{spec.Id}";
        (string Path, string Seen)[] views =
        [
            ("/", ".sweep-card .name"), ("/silos", ".silo"), (sweep, ".heat-table td"),
            ($"{sweep}?color=log_likelihood&where.width=16", ".heat-table [data-out]"), ($"{sweep}?tab=curves", ".chart canvas"),
            ($"{sweep}?tab=comparisons", ".comparisons td"), ($"{sweep}?tab=expectations", ".claims li"),
            ($"{sweep}?tab=parameters&brush=width:0.5:3.2", ".brushed td"), ($"{sweep}?tab=failures", ".failure-list li"),
            ($"{sweep}?tab=trials&pick=:standardize:8", ".vt-body .chip"),
            ($"{sweep}?tab=trials&rows=groups", ".vt-body a"), ($"{sweep}?tab=compare&pick=:standardize:8,:gaussianize:64", ".compared b"),
            ($"{sweep}?tab=compare", ".panel .none"), ($"{sweep}?tab=spec", "pre"), ($"{sweep}/trials/{TrialExpansion.Expand(spec).First().Id}", ".command"),
            ("/nowhere", "h1"),
        ];
        foreach ((string path, string seen) in views)
        {
            await visit.OpenAsync(path);
            await Expect(visit.Page.Locator(seen).First).ToBeVisibleAsync();
            IReadOnlyList<string> violations = await visit.AxeAsync();
            Assert.True(violations.Count == 0, $"{path}: {string.Join('\n', violations)}");
            Assert.False(await visit.OverflowsAsync(), $"{path} is wider than a window of {width} pixels");
        }

        visit.AssertClean();
    }

    [Fact]
    public async Task Keyboard_WhenThereIsNoMouse_ReachesAndWorksEverything()
    {
        await using PageHost host = await PageHost.StartAsync();
        SweepSpec spec = await host.SubmitAsync();
        await host.CompleteAsync(6);
        await using Visit visit = await chromium.VisitAsync(host);
        await visit.OpenAsync($"/sweeps/{spec.Id}");
        IKeyboard keyboard = visit.Page.Keyboard;
        await Expect(visit.Page.Locator(".heat-table td").First).ToBeVisibleAsync();

        await keyboard.PressAsync("Tab");
        await Expect(visit.Link("Skip to the content")).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");
        await Expect(visit.Page.Locator("main")).ToBeFocusedAsync();

        // One stop for the whole grid, arrows within it, Enter filters.
        await visit.Page.Locator(".heat-table button[tabindex='0']").FocusAsync();
        await keyboard.PressAsync("ArrowRight");
        await keyboard.PressAsync("ArrowDown");
        await keyboard.PressAsync("Enter");
        await Expect(visit.Page).ToHaveURLAsync(Filtered());
        await Expect(visit.Page.Locator(".heat-table button:focus")).ToHaveAttributeAsync("aria-pressed", "true");

        await visit.Button("Cancel: tiny").FocusAsync();
        await keyboard.PressAsync("Enter");
        await Expect(visit.Button("Not now")).ToBeFocusedAsync();
        await keyboard.PressAsync("Escape");
        await Expect(visit.Button("Cancel: tiny")).ToBeFocusedAsync();
        visit.AssertClean();
    }

    [Fact]
    public async Task Trial_WhenOpened_ShowsHowToDoItAgain()
    {
        await using PageHost host = await PageHost.StartAsync();
        SweepSpec spec = await host.SubmitAsync();
        await host.CompleteAsync(1);
        await using Visit visit = await chromium.VisitAsync(host);
        await visit.OpenAsync($"/sweeps/{spec.Id}?tab=trials&state=completed");

        await visit.Page.Locator(".vt-body a").First.ClickAsync();

        await Expect(visit.Page.Locator("h1")).ToContainTextAsync("Trial ");
        await Expect(visit.Page.Locator(".command pre")).ToContainTextAsync("sweep run");
        await Expect(visit.Page.Locator(".chart canvas").First).ToBeVisibleAsync();
        await Expect(visit.Page.Locator("main")).ToContainTextAsync("node-a/gpu0");
        visit.AssertClean();
    }

    [GeneratedRegex("certain", RegexOptions.None, 1000)]
    private static partial Regex Certain();

    [GeneratedRegex(@"where\.width=16.*where\.preprocessing=gaussianize", RegexOptions.None, 1000)]
    private static partial Regex Filtered();
}
