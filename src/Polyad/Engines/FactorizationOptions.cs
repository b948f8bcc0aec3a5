namespace Polyad;

/// <summary>What a factorization checks. The default value is the safe one.</summary>
public readonly record struct FactorizationOptions
{
    private readonly bool _skipFiniteCheck;

    /// <summary>
    /// Refuse NaN and infinity before any work (default true). With false the caller answers for the input: the call still ends, in finite time and without
    /// an exception from this check, with results that may hold NaN.
    /// </summary>
    public bool CheckFinite
    {
        get => !_skipFiniteCheck;
        init => _skipFiniteCheck = !value;
    }
}
