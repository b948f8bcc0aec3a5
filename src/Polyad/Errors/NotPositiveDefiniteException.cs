namespace Polyad;

/// <summary>A Cholesky factorization met a leading minor that is not positive.</summary>
public sealed class NotPositiveDefiniteException : ArithmeticException
{
    /// <summary>Creates the exception without details.</summary>
    public NotPositiveDefiniteException()
        : this("The matrix is not positive definite.")
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    public NotPositiveDefiniteException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and a cause.</summary>
    public NotPositiveDefiniteException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception with the order of the leading minor that failed (1-based).</summary>
    public NotPositiveDefiniteException(string message, int minor)
        : base(message) => Minor = minor;

    /// <summary>The order of the leading minor that is not positive; 0 when not known.</summary>
    public int Minor { get; }
}
