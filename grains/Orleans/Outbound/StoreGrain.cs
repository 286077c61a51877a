using System.Text.Json;
using Orleans.Concurrency;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Outbound;

/// <summary>
/// See <see cref="IStoreGrain"/>. On whichever silo is asked, as many as there are questions; it keeps nothing, so questions pass each other.
/// </summary>
[StatelessWorker]
[Reentrant]
public sealed class StoreGrain(StoreHub hub) : Grain, IStoreGrain
{
    /// <summary>Far below the largest message.</summary>
    internal const int PieceBytes = 1 << 20;

    private DirectStore _store = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _store = new DirectStore(hub.Coordinator(this.GetPrimaryKeyString()));
        return Task.CompletedTask;
    }

    public Task HereAsync() => Task.CompletedTask;

    public Task<bool> MayComeAsync(WireLeaseRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return AnswerAsync(() => _store.MayComeAsync(request.ToRequest(), CancellationToken.None));
    }

    public Task<string> TrialAsync(string sweepId, string trialId) => AnswerAsync(async () =>
    {
        try
        {
            return TrialSpecJson.Write(await _store.TrialAsync(sweepId, trialId, CancellationToken.None));
        }
        catch (StoreException e) when (e.IsLasting)
        {
            // Asking again doesn't help: the trial can't be had.
            throw new EngineException(EngineFault.Argument, e.Message);
        }
    });

    public Task<byte[]?> FindAsync(string nameOrId) => AnswerAsync(
        async () => await _store.FindAsync(nameOrId, CancellationToken.None) is { } sweep ? JsonSerializer.SerializeToUtf8Bytes(sweep) : null);

    public Task<byte[]> SilosAsync() => AnswerAsync(async () => JsonSerializer.SerializeToUtf8Bytes(await _store.SilosAsync(CancellationToken.None)));

    public Task<byte[]> DeletedAsync(byte[]? after, int most) => AnswerAsync(async () => JsonSerializer.SerializeToUtf8Bytes(
        await _store.DeletedAsync(after is null ? null : JsonSerializer.Deserialize<DeletedTrial>(after), most, CancellationToken.None)));

    public Task<string[]> FinishedAsync(string[] trialIds) =>
        AnswerAsync(async () => (await _store.FinishedAsync(trialIds, CancellationToken.None)).ToArray());

    public Task<WireFilePiece?> FileAsync(string sha256, int from) => AnswerAsync(async () =>
        await _store.FileAsync(sha256, from, PieceBytes, CancellationToken.None) is { } piece
            ? new WireFilePiece { Bytes = piece.Bytes, Length = piece.Length } : null);

    private static async Task<T> AnswerAsync<T>(Func<Task<T>> answer)
    {
        try
        {
            return await answer();
        }
        catch (Exception e) when (e is not EngineException)
        {
            throw EngineException.Of(e);
        }
    }
}
