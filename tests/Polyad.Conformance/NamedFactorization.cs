namespace Polyad.Conformance;

/// <summary>Runs a factorization by its name on a square matrix of doubles.</summary>
internal static class NamedFactorization
{
    public static void Run(ILinearAlgebraBackend engine, LinearAlgebraOperation operation, double[,] a, double[,] first, double[,] second, FactorizationOptions options)
    {
        int n = a.GetLength(0);
        double[] values = new double[n];
        switch (operation)
        {
            case LinearAlgebraOperation.Cholesky:
                engine.Cholesky<double>(a, first, options);
                break;
            case LinearAlgebraOperation.Lu:
                engine.Lu<double>(a, first, new int[n], options);
                break;
            case LinearAlgebraOperation.Qr:
                engine.Qr<double>(a, first, second, options);
                break;
            case LinearAlgebraOperation.QrR:
                engine.QrR<double>(a, first, options);
                break;
            case LinearAlgebraOperation.SymmetricEigen:
                engine.SymmetricEigen<double>(a, values, first, options);
                break;
            case LinearAlgebraOperation.SymmetricEigenvalues:
                engine.SymmetricEigenvalues<double>(a, values, options);
                break;
            case LinearAlgebraOperation.Svd:
                engine.Svd<double>(a, first, values, second, options);
                break;
            default:
                engine.SingularValues<double>(a, values, options);
                break;
        }
    }
}
