namespace Polyad.Lab;

/// <summary>How much an experiment does.</summary>
public enum LabSize
{
    /// <summary>Under a minute on two cores.</summary>
    Quick,

    /// <summary>The sizes and numbers of seeds of the publication, as far as one machine allows.</summary>
    Full,

    /// <summary>Seconds: tells that everything runs. Its verdict means nothing.</summary>
    Smoke,
}
