namespace Polyad.Lab;

/// <summary>What a run says of a claim, by the experiment's own criterion.</summary>
public enum Verdict
{
    /// <summary>The criterion is met.</summary>
    Reproduced,

    /// <summary>Part of the claim holds, as the criterion says.</summary>
    Partly,

    /// <summary>The claim cannot be seen at the sizes of this run.</summary>
    NotAtThisSize,
}
