using Sweep.Grains.Coordination;

namespace Sweep.Grains.Orleans;

/// <summary>What a grain answers instead of the store's exceptions, which would not survive the way.</summary>
[GenerateSerializer]
[Alias("sweep.engine-exception.1")]
public sealed class EngineException : Exception
{
    public EngineException()
    {
    }

    public EngineException(string message)
        : base(message)
    {
    }

    public EngineException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public EngineException(EngineFault fault, string message)
        : base(message) => Fault = fault;

    [Id(0)]
    public EngineFault Fault { get; init; }

    /// <summary>See <see cref="StoreException.IsLasting"/>.</summary>
    [Id(1)]
    public bool IsLasting { get; init; }

    /// <summary>The same where the caller can't be at fault: drivers throw <see cref="ArgumentException"/> too.</summary>
    public static EngineException OfStore(Exception thrown) => thrown as EngineException
        ?? new EngineException(EngineFault.Store, thrown.Message) { IsLasting = thrown is StoreException { IsLasting: true } };

    /// <summary>What to answer in place of whatever was thrown.</summary>
    public static EngineException Of(Exception thrown) => thrown as EngineException
        ?? new EngineException(thrown is ArgumentException ? EngineFault.Argument : EngineFault.Store, thrown.Message)
        {
            IsLasting = thrown is StoreException { IsLasting: true },
        };
}
