using System.Numerics;
using MathNet.Numerics.Providers.LinearAlgebra;
using Polyad.MathNet;
using Xunit;
using Transpose = MathNet.Numerics.Providers.LinearAlgebra.Transpose;

namespace Polyad.Tests.MathNetContract;

/// <summary>Mistakes meet the exception that Math.NET's managed provider throws for them.</summary>
public sealed class ProviderArgumentTests
{
    private static readonly double[] Two = new double[2], Three = new double[3], Four = new double[4], Six = new double[6];

    private static readonly (string Name, Action<ILinearAlgebraProvider<double>> Call)[] Mistakes =
    [
        ("y null", p => p.AddVectorToScaledVector(null!, 2, Two, Two)),
        ("x null", p => p.AddVectorToScaledVector(Two, 2, null!, Two)),
        ("lengths differ", p => p.AddVectorToScaledVector(Two, 2, Three, Two)),
        ("scale null", p => p.ScaleArray(2, null!, Two)),
        ("conjugate null", p => p.ConjugateArray(null!, Two)),
        ("dot null", p => p.DotProduct(Two, null!)),
        ("dot lengths", p => p.DotProduct(Two, Three)),
        ("add null result", p => p.AddArrays(Two, Two, null!)),
        ("add lengths", p => p.AddArrays(Two, Three, Two)),
        ("subtract lengths", p => p.SubtractArrays(Two, Two, Three)),
        ("multiply null", p => p.PointWiseMultiplyArrays(null!, Two, Two)),
        ("divide lengths", p => p.PointWiseDivideArrays(Two, Three, Three)),
        ("power lengths", p => p.PointWisePowerArrays(Two, Three, Three)),
        ("unknown norm", p => p.MatrixNorm((Norm)3, 2, 2, Four)),
        ("product null", p => p.MatrixMultiply(null!, 2, 2, Four, 2, 2, Four)),
        ("product inner", p => p.MatrixMultiply(Six, 2, 3, Four, 2, 2, Four)),
        ("product x length", p => p.MatrixMultiply(Six, 2, 2, Four, 2, 2, Four)),
        ("product y length", p => p.MatrixMultiply(Four, 2, 2, Six, 2, 2, Four)),
        ("product result length", p => p.MatrixMultiply(Four, 2, 2, Four, 2, 2, Six)),
        ("update inner", p => p.MatrixMultiplyWithUpdate(Transpose.Transpose, Transpose.DontTranspose, 1, Six, 2, 3, Six, 3, 2, 1, Four)),
        ("update null c", p => p.MatrixMultiplyWithUpdate(Transpose.Transpose, Transpose.DontTranspose, 1, Six, 2, 3, Six, 3, 2, 1, null!)),
        ("lu null", p => p.LUFactor(null!, 2, new int[2])),
        ("lu pivots null", p => p.LUFactor(Four, 2, null!)),
        ("lu length", p => p.LUFactor(Three, 2, new int[2])),
        ("lu pivots length", p => p.LUFactor(Four, 2, new int[3])),
        ("inverse null", p => p.LUInverse(null!, 2)),
        ("inverse length", p => p.LUInverse(Three, 2)),
        ("inverse factored pivots", p => p.LUInverseFactored(Four, 2, null!)),
        ("inverse factored length", p => p.LUInverseFactored(Four, 2, new int[1])),
        ("lu solve null", p => p.LUSolve(1, Four, 2, null!)),
        ("lu solve length", p => p.LUSolve(1, Four, 2, Three)),
        ("lu solve same", p => p.LUSolve(2, Four, 2, Four)),
        ("lu solve factored same", p => p.LUSolveFactored(2, Four, 2, new int[2], Four)),
        ("lu solve factored pivots", p => p.LUSolveFactored(1, Four, 2, new int[3], Two)),
        ("cholesky null", p => p.CholeskyFactor(null!, 2)),
        ("cholesky not positive", p => p.CholeskyFactor([1, 2, 2, 1], 2)),
        ("cholesky solve null", p => p.CholeskySolve(null!, 2, Two, 1)),
        ("cholesky solve length", p => p.CholeskySolve([1, 0, 0, 1], 2, Three, 1)),
        ("cholesky solve same", p => p.CholeskySolve(Four, 2, Four, 2)),
        ("cholesky solve factored same", p => p.CholeskySolveFactored(Four, 2, Four, 2)),
        ("qr null", p => p.QRFactor(null!, 2, 2, Four, Two)),
        ("qr q null", p => p.QRFactor(Four, 2, 2, null!, Two)),
        ("qr length", p => p.QRFactor(Three, 2, 2, Four, Two)),
        ("qr tau short", p => p.QRFactor([1, 0, 0, 1], 2, 2, new double[4], [1])),
        ("qr q length", p => p.QRFactor([1, 0, 0, 1], 2, 2, Six, Two)),
        ("thin qr null", p => p.ThinQRFactor(Four, 2, 2, null!, Two)),
        ("thin qr r length", p => p.ThinQRFactor([1, 0, 0, 1], 2, 2, Six, Two)),
        ("qr solve null", p => p.QRSolve(Four, 2, 2, Two, 1, null!)),
        ("qr solve length", p => p.QRSolve(Four, 2, 2, Three, 1, Two)),
        ("qr solve wide", p => p.QRSolve(Six, 2, 3, Two, 1, Three)),
        ("qr solve factored null", p => p.QRSolveFactored(null!, Four, 2, 2, Two, Two, 1, Two)),
        ("qr solve factored wide", p => p.QRSolveFactored(Four, Six, 2, 3, Two, Two, 1, Three)),
        ("qr solve factored r", p => p.QRSolveFactored(Four, Six, 2, 2, Two, Two, 1, Two)),
        ("svd null", p => p.SingularValueDecomposition(true, null!, 2, 2, Two, Four, Four)),
        ("svd u null", p => p.SingularValueDecomposition(true, Four, 2, 2, Two, null!, Four)),
        ("svd u length", p => p.SingularValueDecomposition(false, Four, 2, 2, Two, Two, Four)),
        ("svd vt length", p => p.SingularValueDecomposition(true, Four, 2, 2, Two, Four, Two)),
        ("svd s length", p => p.SingularValueDecomposition(true, Four, 2, 2, Three, Four, Four)),
        ("svd solve null", p => p.SvdSolve(Four, 2, 2, null!, 1, Two)),
        ("svd solve length", p => p.SvdSolve(Four, 2, 2, Three, 1, Two)),
        ("svd solve factored s", p => p.SvdSolveFactored(2, 2, Three, Four, Four, Two, 1, Two)),
        ("eigen null", p => p.EigenDecomp(true, 2, null!, Four, new Complex[2], Four)),
        ("eigen length", p => p.EigenDecomp(true, 2, Three, Four, new Complex[2], Four)),
        ("eigen values length", p => p.EigenDecomp(false, 2, Four, Four, new Complex[3], Four)),
        ("eigen d null", p => p.EigenDecomp(false, 2, Four, Four, new Complex[2], null!)),
    ];

    public static TheoryData<string> Names => [.. Mistakes.Select(mistake => mistake.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mistake_is_refused_with_math_nets_own_exception(string name)
    {
        Action<ILinearAlgebraProvider<double>> call = Mistakes.Single(mistake => mistake.Name == name).Call;
        Exception? expected = Record.Exception(() => call(ManagedLinearAlgebraProvider.Instance));
        Exception? actual = Record.Exception(() => call(new PolyadLinearAlgebraProvider(ManagedBackend.Shared)));
        Assert.NotNull(expected);
        Assert.NotNull(actual);
        Assert.Equal(expected.GetType(), actual.GetType());
    }
}
