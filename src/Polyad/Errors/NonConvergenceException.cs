namespace Polyad;

/// <summary>An iteration used up its steps without reaching its tolerance.</summary>
public sealed class NonConvergenceException : ArithmeticException
{
    /// <summary>Creates the exception without details.</summary>
    public NonConvergenceException()
        : this("The iteration did not converge.")
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    public NonConvergenceException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and a cause.</summary>
    public NonConvergenceException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception with the number of steps taken.</summary>
    public NonConvergenceException(string message, long iterations)
        : base(message) => Iterations = iterations;

    /// <summary>The steps taken before giving up; 0 when not known.</summary>
    public long Iterations { get; }
}
