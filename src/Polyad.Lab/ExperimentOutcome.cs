namespace Polyad.Lab;

/// <summary>What an experiment found.</summary>
/// <param name="Verdict">By the criterion of the experiment.</param>
/// <param name="Reason">The figures that decided, in one sentence.</param>
/// <param name="Setting">Data, sizes, seeds of this run.</param>
/// <param name="Table">What was measured.</param>
/// <param name="Chart">The same as curves.</param>
public sealed record ExperimentOutcome(Verdict Verdict, string Reason, string Setting, LabTable Table, LabChart Chart);
