namespace Polyad.Sketching;

/// <summary>An estimator was asked to transform or predict before it was fitted.</summary>
public sealed class NotFittedException : InvalidOperationException
{
    /// <summary>An exception that names the estimator.</summary>
    public NotFittedException(Type estimator)
        : this($"{(estimator ?? throw new ArgumentNullException(nameof(estimator))).Name.Split('`')[0]} is not fitted: call Fit first.")
    {
    }

    /// <summary>An exception with a message.</summary>
    public NotFittedException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a message and a cause.</summary>
    public NotFittedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An exception with a general message.</summary>
    public NotFittedException()
        : this("The estimator is not fitted: call Fit first.")
    {
    }
}
