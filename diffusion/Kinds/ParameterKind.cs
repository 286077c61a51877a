namespace Sweep.Diffusion.Kinds;

/// <summary>What a parameter of a kind holds.</summary>
public enum ParameterKind
{
    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A finite real number.</summary>
    Real,

    /// <summary>A string out of <see cref="Parameter.Choices"/>, or any string where that is empty.</summary>
    Text,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>Anything else (nested lists, mappings): the kind itself checks it when it is created.</summary>
    Json,
}
