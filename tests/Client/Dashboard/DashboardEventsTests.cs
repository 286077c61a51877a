using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace Sweep.Tests.Client.Dashboard;

public sealed class DashboardEventsTests
{
    [Fact]
    public async Task Events_WhenAPageBegins_SaysHowThingsAre()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        await dashboard.CompleteAsync(2);
        await using EventReader events = await EventReader.OpenAsync(dashboard, dashboard.Spec.Id);
        Assert.Equal("tiny", (await events.NextAsync("sweeps"))["sweeps"]![0]!["name"]!.GetValue<string>());
        Assert.Equal("a", (await events.NextAsync("silos"))["silos"]![0]!["id"]!.GetValue<string>());
        Assert.Equal(2, (await events.NextAsync("sweep"))["completed"]!.GetValue<int>());
        Assert.Empty((await events.NextAsync("running"))["trials"]!.AsArray());
        Assert.Equal(2, (await events.NextAsync("completed"))["count"]!.GetValue<int>());
        Assert.Null((await events.NextAsync("trouble"))["message"]);
        JsonNode report = await events.NextAsync("report");
        Assert.Equal(2, report["as_of"]!.GetValue<int>());
        Assert.StartsWith("retry: 2000", events.Preamble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_WhenTrialsMove_SayWhichAndNothingTwice()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        await using EventReader events = await EventReader.OpenAsync(dashboard, dashboard.Spec.Id);
        Assert.Equal(0, (await events.NextAsync("completed"))["count"]!.GetValue<int>());
        await dashboard.CompleteAsync(1);
        JsonNode completed = await events.NextAsync("completed");
        Assert.Equal(1, completed["count"]!.GetValue<int>());
        Assert.Equal(Sweep.Grains.Specs.TrialExpansion.Expand(dashboard.Spec).First().Id, Assert.Single(completed["trials"]!.AsArray())!.GetValue<string>());
        await dashboard.LeaseAsync(1);
        JsonNode running = await events.NextAsync("running");
        Assert.Equal("running", Assert.Single(running["trials"]!.AsArray())!["state"]!.GetValue<string>());
        Assert.Equal(events.Seen.Count, events.Seen.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Events_WhenARunEndsWithItsServer_BringTheLastReportAndSayWhatShowsItAgain()
    {
        TestDashboard dashboard = await TestDashboard.StartAsync(configure: o => o with { Embedded = true });
        await using EventReader events = await EventReader.OpenAsync(dashboard, dashboard.Spec.Id);
        await events.NextAsync("trouble");
        await dashboard.CompleteAsync(12);
        string folder = dashboard.Run!.Shown;
        Task end = dashboard.DisposeAsync().AsTask();
        Assert.Equal($"./sweep serve --out {folder}", (await events.NextAsync("over"))["command"]!.GetValue<string>());
        await end;
        Assert.Contains(events.Seen, e => e.Contains("\"as_of\":12", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Events_WhenARunIsInterrupted_EndAtOnce()
    {
        TestDashboard dashboard = await TestDashboard.StartAsync(configure: o => o with { Embedded = true });
        await using EventReader events = await EventReader.OpenAsync(dashboard, dashboard.Spec.Id);
        await events.NextAsync("trouble");
        long began = TimeProvider.System.GetTimestamp();
        await dashboard.DisposeAsync();
        Assert.NotNull(await events.NextAsync("over"));
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(2.9), "it waited as for a last report");
    }

    [Fact]
    public async Task Feed_WhateverTheNumberOfPages_ReadsTheStoreOnceASecondAndNotAtAllWithoutAny()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync();
        Assert.Equal(0, dashboard.Server.Feed.Reads);
        List<EventReader> pages = [];
        for (int i = 0; i < 8; i++)
            pages.Add(await EventReader.OpenAsync(dashboard, dashboard.Spec.Id));
        foreach (EventReader page in pages)
            await page.NextAsync("trouble");
        Assert.InRange(dashboard.Server.Feed.Reads, 1, 4);
        foreach (EventReader page in pages)
            await page.DisposeAsync();
        await UntilAsync("the feed rests", () => dashboard.Server.Feed.Count == 0);
        await Task.Delay(1200);
        long reads = dashboard.Server.Feed.Reads;
        await Task.Delay(1500);
        Assert.Equal(reads, dashboard.Server.Feed.Reads);

        await using EventReader later = await EventReader.OpenAsync(dashboard, null);
        await later.NextAsync("sweeps");
        Assert.True(dashboard.Server.Feed.Reads > reads);
    }

    [Fact]
    public async Task Events_WhenThereAreTooManyStreams_Is429AndGivesThemBack()
    {
        await using TestDashboard dashboard = await TestDashboard.StartAsync(configure: o => o with { MaxStreamsPerClient = 2 });
        EventReader first = await EventReader.OpenAsync(dashboard, null);
        await using EventReader second = await EventReader.OpenAsync(dashboard, null);
        using (HttpResponseMessage third = await dashboard.Client.GetAsync(new Uri("api/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead))
            Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        await first.DisposeAsync();
        await UntilAsync("the closed stream is given back", () => dashboard.Server.Feed.Count == 1);
        await using EventReader fourth = await EventReader.OpenAsync(dashboard, null);
        await fourth.NextAsync("sweeps");
    }

    [Fact]
    public async Task Dispose_WhenPagesListen_EndsTheirStreams()
    {
        TestDashboard dashboard = await TestDashboard.StartAsync();
        await using EventReader events = await EventReader.OpenAsync(dashboard, null);
        await events.NextAsync("sweeps");
        Task closing = dashboard.DisposeAsync().AsTask();
        await closing.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private static async Task UntilAsync(string what, Func<bool> done)
    {
        for (int i = 0; i < 200; i++)
        {
            if (done())
                return;
            await Task.Delay(50);
        }

        throw new TimeoutException($"10 s, and not yet: {what}");
    }
}
