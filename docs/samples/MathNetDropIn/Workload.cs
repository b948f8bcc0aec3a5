using MathNet.Numerics.LinearAlgebra;

namespace MathNetDropIn;

/// <summary>An ordinary Math.NET program: it knows nothing of Polyad.</summary>
public sealed class Workload
{
    private readonly Matrix<double> _a;
    private readonly Matrix<double> _b;

    public Workload(int size, int seed = 7)
    {
        Random random = new(seed);
        _a = Matrix<double>.Build.Dense(size, size, (_, _) => random.NextDouble() - 0.5);
        _b = Matrix<double>.Build.Dense(size, size, (_, _) => random.NextDouble() - 0.5);
    }

    /// <summary>Room for a product.</summary>
    public Matrix<double> NewResult() => Matrix<double>.Build.Dense(_a.RowCount, _b.ColumnCount);

    /// <summary>A times B in a new matrix. On some machines the system takes a good part of the time to provide its memory.</summary>
    public Matrix<double> Product() => _a * _b;

    /// <summary>A times B in a matrix that is there already.</summary>
    public Matrix<double> ProductInto(Matrix<double> result)
    {
        _a.Multiply(_b, result);
        return result;
    }

    /// <summary>The singular values of A, with both sets of vectors computed.</summary>
    public Vector<double> SingularValues() => _a.Svd().S;
}
