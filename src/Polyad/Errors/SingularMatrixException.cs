namespace Polyad;

/// <summary>A linear system has no unique solution: a pivot is exactly zero.</summary>
public sealed class SingularMatrixException : ArithmeticException
{
    /// <summary>Creates the exception without details.</summary>
    public SingularMatrixException()
        : this("The matrix is singular.")
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    public SingularMatrixException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and a cause.</summary>
    public SingularMatrixException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception with the 0-based index of the zero pivot.</summary>
    public SingularMatrixException(string message, int pivot)
        : base(message) => Pivot = pivot;

    /// <summary>The 0-based index of the first zero pivot; -1 when not known.</summary>
    public int Pivot { get; } = -1;
}
