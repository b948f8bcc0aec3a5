using System.Numerics;

namespace Polyad.MathNet;

/// <content>Eigenvalues: a symmetric matrix on the engine, ascending; one that is not on Math.NET's managed code.</content>
internal sealed partial class EngineProvider<T>
{
    public void EigenDecomp(bool isSymmetric, int order, T[] matrix, T[] matrixEv, Complex[] vectorEv, T[] matrixD)
    {
        ProviderArguments.Matrix(matrix, order, order, nameof(matrix));
        ProviderArguments.Matrix(matrixEv, order, order, nameof(matrixEv));
        ProviderArguments.Length(vectorEv, order, nameof(vectorEv));
        ProviderArguments.Matrix(matrixD, order, order, nameof(matrixD));
        Array.Clear(matrixD);

        // Math.NET's iteration for the real Schur form has no end on NaN.
        if (!AllFinite(matrix))
        {
            Array.Fill(matrixEv, T.NaN);
            Array.Fill(vectorEv, new Complex(double.NaN, isSymmetric ? 0 : double.NaN));
            for (int i = 0; i < order; i++)
            {
                matrixD[i + (i * order)] = T.NaN;
            }

            return;
        }

        if (isSymmetric)
        {
            Symmetric(order, matrix, matrixEv, vectorEv, matrixD);
        }
        else
        {
            own.EigenDecomp(false, order, matrix, matrixEv, vectorEv, matrixD);
        }
    }

    private void Symmetric(int order, T[] matrix, T[] matrixEv, Complex[] vectorEv, T[] matrixD)
    {
        using Rented<T> values = new(order);
        using ThreadLimit threads = ThreadLimit.FromControl(4 * Cube(order));
        try
        {
            engine.SymmetricEigen(ReadOnlyView(matrix, order, order), values.Span, FreshView(matrixEv, order, order), Unchecked);
        }
        catch (NonConvergenceException e)
        {
            throw new global::MathNet.Numerics.NonConvergenceException(e.Message, e);
        }

        for (int i = 0; i < order; i++)
        {
            vectorEv[i] = double.CreateChecked(values.Span[i]);
            matrixD[i + (i * order)] = values.Span[i];
        }
    }

    private static bool AllFinite(T[] matrix) => FiniteCheck.All(new ReadOnlyMatrixView<T>(matrix, 1, matrix.Length), out _, out _);
}
