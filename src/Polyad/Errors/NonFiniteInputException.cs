namespace Polyad;

/// <summary>An input holds NaN or infinity where the algorithm needs finite numbers.</summary>
public sealed class NonFiniteInputException : ArgumentException
{
    /// <summary>Creates the exception without details.</summary>
    public NonFiniteInputException()
        : this("The input holds NaN or infinity.")
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    public NonFiniteInputException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and a cause.</summary>
    public NonFiniteInputException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception with a message and the name of the argument.</summary>
    public NonFiniteInputException(string message, string parameterName)
        : base(message, parameterName)
    {
    }
}
