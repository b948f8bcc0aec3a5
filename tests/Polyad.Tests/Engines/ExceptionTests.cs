using Xunit;

namespace Polyad.Tests.Engines;

public sealed class ExceptionTests
{
    [Fact]
    public void Exceptions_carry_their_numbers()
    {
        Assert.Equal(7, new NotPositiveDefiniteException("m", 7).Minor);
        Assert.Equal(3, new SingularMatrixException("m", 3).Pivot);
        Assert.Equal(-1, new SingularMatrixException("m").Pivot);
        Assert.Equal(30, new NonConvergenceException("m", 30L).Iterations);
        Assert.Equal("a", new NonFiniteInputException("m", "a").ParamName);
        BackendUnavailableException gone = new("mkl", "libmkl_rt.so was not found.", null);
        Assert.Equal(("mkl", "libmkl_rt.so was not found."), (gone.Id, gone.Reason));
        Assert.Contains("mkl", gone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Exceptions_belong_to_the_families_that_callers_catch()
    {
        Assert.IsAssignableFrom<ArgumentException>(new NonFiniteInputException());
        Assert.IsAssignableFrom<ArithmeticException>(new NotPositiveDefiniteException());
        Assert.IsAssignableFrom<ArithmeticException>(new SingularMatrixException());
        Assert.IsAssignableFrom<ArithmeticException>(new NonConvergenceException());
        Assert.IsAssignableFrom<InvalidOperationException>(new BackendUnavailableException());
        Exception cause = new InvalidDataException();
        Assert.All(
            [new NonFiniteInputException("m", cause), new NotPositiveDefiniteException("m", cause), new SingularMatrixException("m", cause), new NonConvergenceException("m", cause), (Exception)new BackendUnavailableException("m", cause)],
            e => Assert.Same(cause, e.InnerException));
    }

    [Fact]
    public void The_finite_check_is_on_unless_switched_off()
    {
        Assert.True(default(FactorizationOptions).CheckFinite);
        Assert.True(new FactorizationOptions().CheckFinite);
        Assert.False(new FactorizationOptions { CheckFinite = false }.CheckFinite);
    }
}
