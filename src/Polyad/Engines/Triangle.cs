namespace Polyad;

/// <summary>Which triangle of a square matrix is read; the other one is never looked at.</summary>
public enum Triangle
{
    /// <summary>The diagonal and what lies below it.</summary>
    Lower,

    /// <summary>The diagonal and what lies above it.</summary>
    Upper,
}
