using System.Collections.Immutable;
using Sweep.Client.Cluster;
using Sweep.Client.Dashboard.Api;

namespace Sweep.Client.Dashboard.Live;

/// <summary>
/// The first few running trials of the sweeps that pages show, with their curves, as the silos tell of them: one watch per sweep, however many pages.
/// <see cref="Show"/> and <see cref="Run"/> are called by one thread at a time.
/// </summary>
internal sealed class RunningCurves(LiveSource source, TimeProvider time) : IAsyncDisposable
{
    /// <summary>A page's overview shows fewer.</summary>
    public const int MaxTrials = 8;

    /// <summary>Pages are told no more often, and a page that has just come waits no longer than <see cref="Again"/>.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200), Again = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Watched> _sweeps = new(StringComparer.Ordinal);

    /// <summary>These pages are there now; who shows a single trial follows it by itself.</summary>
    public void Show(IReadOnlyList<Subscriber> pages)
    {
        ILookup<string, Subscriber> bySweep = pages.Where(p => p is { SweepId: not null, TrialId: null }).ToLookup(p => p.SweepId!, StringComparer.Ordinal);
        foreach (string gone in _sweeps.Keys.Where(id => !bySweep.Contains(id)).ToArray())
        {
            _sweeps.Remove(gone, out Watched? watched);
            watched!.Stop.Cancel();
        }

        foreach (IGrouping<string, Subscriber> sweep in bySweep)
        {
            if (!_sweeps.TryGetValue(sweep.Key, out Watched? watched))
                _sweeps[sweep.Key] = watched = new Watched();
            watched.Pages = [.. sweep];
        }
    }

    /// <summary>These of a sweep's trials run.</summary>
    public void Run(string sweepId, IReadOnlyList<string> trialIds)
    {
        if (!_sweeps.TryGetValue(sweepId, out Watched? watched))
            return;
        watched.Trials = [.. trialIds.Take(MaxTrials)];
        if (!watched.Trials.IsEmpty && watched.Telling is null)
            watched.Telling = TellAsync(watched, sweepId, watched.Stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        Task[] telling = [.. _sweeps.Values.Select(w => w.Telling).OfType<Task>()];
        Show([]);
        await Task.WhenAll(telling).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task TellAsync(Watched watched, string sweepId, CancellationToken cancellationToken)
    {
        await using var live = new LiveWatch(source, sweepId, time);
        while (true)
        {
            ImmutableArray<string> trials = watched.Trials;
            live.Follow(trials);
            byte[] now = DashboardJson.Bytes(
                new { trials = trials.Select(id => live.Of(id) is { } trial ? RunningCurveView.Of(id, trial) : null).OfType<RunningCurveView>() });
            foreach (Subscriber page in watched.Pages)
                page.Tell("curves", now);
            await Task.Delay(Pause, time, cancellationToken);
            await live.WaitAsync(Again, cancellationToken);
        }
    }

    private sealed class Watched
    {
        private ImmutableArray<Subscriber> _pages = [];
        private ImmutableArray<string> _trials = [];

        public CancellationTokenSource Stop { get; } = new();

        public Task? Telling { get; set; }

        public ImmutableArray<Subscriber> Pages
        {
            get => _pages;
            set => ImmutableInterlocked.InterlockedExchange(ref _pages, value);
        }

        public ImmutableArray<string> Trials
        {
            get => _trials;
            set => ImmutableInterlocked.InterlockedExchange(ref _trials, value);
        }
    }
}
