namespace Sweep.Tests.Grains.Coordination.Model;

/// <summary>A lease the model gave; it stands while its attempt is the trial's latest and hasn't ended.</summary>
internal sealed record ModelLease(ModelTrial Trial, int Attempt);
