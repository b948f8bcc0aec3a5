using System.Numerics.Tensors;
using Xunit;

namespace Polyad.Tests.LinearAlgebraTests;

/// <summary>What is exact, and what is refused.</summary>
public class DerivedOperationsTests
{
    [Fact]
    public void A_singular_system_is_refused()
    {
        Assert.Throws<SingularMatrixException>(() => LinearAlgebra.Solve<double>(new double[2, 2], new double[2, 1]));
        Assert.Equal(0, LinearAlgebra.Determinant<double>(new double[2, 2]));
        Assert.Equal(double.PositiveInfinity, LinearAlgebra.Cond<double>(new double[2, 2], MatrixNorm.One));
        Assert.Throws<ArgumentException>(() => LinearAlgebra.Solve<double>(new double[2, 3], new double[2, 1]));
        Assert.Throws<ArgumentException>(() => LinearAlgebra.Solve<double>(new double[2, 2], new double[3, 1]));
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LinearAlgebra.TopSvd<double>(new double[3, 3], 0));
        Assert.Throws<NonFiniteInputException>(() => LinearAlgebra.PivotedQr<double>(new double[1, 1] { { double.NaN } }));
    }

    [Fact]
    public void Norms_are_the_definitions_and_do_not_overflow()
    {
        double[,] a = { { 3, -4 }, { 0, 12 } };
        Assert.Equal(13, LinearAlgebra.Norm<double>(a));
        Assert.Equal(16, LinearAlgebra.Norm<double>(a, MatrixNorm.One));
        Assert.Equal(12, LinearAlgebra.Norm<double>(a, MatrixNorm.Infinity));
        Assert.Equal(12, LinearAlgebra.Norm<double>(a, MatrixNorm.Max));
        Tensor<double> s = LinearAlgebra.SingularValues<double>(a);
        Assert.Equal(s[0], LinearAlgebra.Norm<double>(a, MatrixNorm.Two));
        Assert.Equal(s[0] + s[1], LinearAlgebra.Norm<double>(a, MatrixNorm.Nuclear));
        Assert.Equal(s[0] / s[1], LinearAlgebra.Cond<double>(a));
        Assert.Equal(5e300, LinearAlgebra.Norm<double>(new double[,] { { 3e300 }, { 4e300 } }), 1e286);
        Assert.Equal(5e-300, LinearAlgebra.Norm<double>(new double[,] { { 3e-300 }, { 4e-300 } }), 1e-314);
        Assert.Equal(5e30f, LinearAlgebra.Norm<float>(new float[,] { { 3e30f }, { 4e30f } }), 1e24f);
        Assert.True(double.IsNaN(LinearAlgebra.Norm<double>(new double[,] { { 1, double.NaN } })));
        Assert.Equal(0, LinearAlgebra.Norm<double>(new double[0, 3]));
    }

    [Theory]
    [InlineData(MatrixNorm.Frobenius)]
    [InlineData(MatrixNorm.One)]
    [InlineData(MatrixNorm.Infinity)]
    [InlineData(MatrixNorm.Max)]
    public void NaN_gives_NaN_also_beside_infinity(MatrixNorm norm)
    {
        const double Infinity = double.PositiveInfinity;
        Assert.True(double.IsNaN(LinearAlgebra.Norm<double>(new double[,] { { Infinity, 1 }, { double.NaN, 2 } }, norm)));
        Assert.True(double.IsNaN(LinearAlgebra.Norm<double>(new double[,] { { double.NaN, -Infinity } }, norm)));
        Assert.True(float.IsNaN(LinearAlgebra.Norm<float>(new float[,] { { float.PositiveInfinity, float.NaN } }, norm)));
        Assert.Equal(Infinity, LinearAlgebra.Norm<double>(new double[,] { { 1, -Infinity }, { Infinity, 2 } }, norm));
        Assert.Equal(float.PositiveInfinity, LinearAlgebra.Norm<float>(new float[,] { { 1, float.NegativeInfinity } }, norm));
    }
}
