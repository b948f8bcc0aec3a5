using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>The cores of a train while they are orthogonalized: arrays that are replaced, never written to.</summary>
internal sealed class TrainCores<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly ILinearAlgebraBackend _backend;
    private readonly T[][] _cores;
    private readonly int[] _lengths;
    private readonly int[] _ranks;

    public TrainCores(IReadOnlyList<Tensor<T>> cores, ILinearAlgebraBackend backend)
    {
        _backend = backend;
        _cores = [.. cores.Select(static c => DenseData.Elements(c).ToArray())];
        _lengths = [.. cores.Select(static c => (int)c.Lengths[1])];
        _ranks = [.. cores.Select(static c => (int)c.Lengths[0]), (int)cores[^1].Lengths[2]];
    }

    public double Norm(int core) => Scalar.Norm<T>(_cores[core]);

    public Tensor<T>[] ToTensors() => [.. _cores.Select((core, k) => Tensor.Create(core, [_ranks[k], _lengths[k], _ranks[k + 1]]))];

    /// <summary>Core k gets orthonormal columns; what is left goes into core k + 1.</summary>
    public void PushRight(int k)
    {
        int rows = _ranks[k] * _lengths[k], columns = _ranks[k + 1], kept = Math.Min(rows, columns);
        (_cores[k], T[] r) = FieldAlgebra.Qr<T>(_backend, _cores[k], rows, columns);
        _cores[k + 1] = FieldAlgebra.Multiply<T>(_backend, r, kept, columns, _cores[k + 1], _lengths[k + 1] * _ranks[k + 2]);
        _ranks[k + 1] = kept;
    }

    /// <summary>Core k gets orthonormal rows; what is left goes into core k - 1.</summary>
    public void PushLeft(int k)
    {
        int rows = _ranks[k], columns = _lengths[k] * _ranks[k + 1], kept = Math.Min(rows, columns);
        (T[] l, _cores[k]) = FieldAlgebra.Lq<T>(_backend, _cores[k], rows, columns);
        IntoLeft(k, l, kept);
    }

    /// <summary>As <see cref="PushLeft"/>, keeping only the leading rows; those of core k must be all that is not orthonormal.</summary>
    public void CutLeft(int k, TruncationBudget budget)
    {
        int rows = _ranks[k], columns = _lengths[k] * _ranks[k + 1];
        (T[] u, double[] s, T[] vt) = FieldAlgebra.Svd<T>(_backend, _cores[k], rows, columns);
        int kept = budget.Choose(k, s);
        budget.Spend(s.Skip(kept).Sum(static v => v * v), 1);
        _cores[k] = vt.AsSpan(0, kept * columns).ToArray();
        IntoLeft(k, Columns(u, rows, s, kept), kept);
    }

    /// <summary>Core k becomes an orthonormal basis of what a sketch sees of it; core k + 1 takes the coordinates.</summary>
    /// <param name="k">Not the last.</param>
    /// <param name="sketch">r_(k+1) x columns: the rest of the train, as the sketch sees it.</param>
    /// <param name="columns">Of the sketch.</param>
    public void Capture(int k, T[] sketch, int columns)
    {
        int rows = _ranks[k] * _lengths[k], inner = _ranks[k + 1], kept = Math.Min(rows, Math.Min(inner, columns));
        T[] seen = FieldAlgebra.Multiply<T>(_backend, _cores[k], rows, inner, sketch, columns);
        T[] q = FieldAlgebra.Qr<T>(_backend, seen, rows, columns).Q;
        int width = Math.Min(rows, columns);
        if (width > kept)
        {
            // The sketch has more directions than the bond: the bond itself then gives the basis.
            (q, _) = FieldAlgebra.Qr<T>(_backend, _cores[k], rows, inner);
            width = Math.Min(rows, inner);
        }

        T[] coordinates = FieldAlgebra.Multiply<T>(_backend, q, width, rows, _cores[k], inner, adjointA: true);
        _cores[k] = q;
        _cores[k + 1] = FieldAlgebra.Multiply<T>(_backend, coordinates, width, inner, _cores[k + 1], _lengths[k + 1] * _ranks[k + 2]);
        _ranks[k + 1] = width;
    }

    /// <summary>Exchanges modes k and k + 1, core k being all that is not orthonormal, before and after. Singular values of 2-norm up to <paramref name="allowed"/> are dropped.</summary>
    public void Exchange(int k, double allowed)
    {
        int left = _ranks[k], a = _lengths[k], b = _lengths[k + 1], right = _ranks[k + 2];
        T[] pair = FieldAlgebra.Multiply<T>(_backend, _cores[k], left * a, _ranks[k + 1], _cores[k + 1], b * right);
        T[] turned = Turned(pair, left, a, b, right);
        (T[] u, double[] s, T[] vt) = FieldAlgebra.Svd<T>(_backend, turned, left * b, a * right);
        int kept = TruncationRank.Of(s, allowed);
        _cores[k] = Columns(u, left * b, s, kept);
        _cores[k + 1] = vt.AsSpan(0, kept * a * right).ToArray();
        (_lengths[k], _lengths[k + 1], _ranks[k + 1]) = (b, a, kept);
    }

    private void IntoLeft(int k, T[] factor, int kept)
    {
        _cores[k - 1] = FieldAlgebra.Multiply<T>(_backend, _cores[k - 1], _ranks[k - 1] * _lengths[k - 1], _ranks[k], factor, kept);
        _ranks[k] = kept;
    }

    /// <summary>The leading columns of U times the singular values.</summary>
    private static T[] Columns(T[] u, int rows, double[] s, int kept)
    {
        T[] columns = new T[rows * kept];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < kept; j++)
            {
                columns[(i * kept) + j] = u[(i * s.Length) + j] * T.CreateTruncating(s[j]);
            }
        }

        return columns;
    }

    /// <summary>[left, a, b, right] as [left, b, a, right].</summary>
    private static T[] Turned(T[] pair, int left, int a, int b, int right)
    {
        T[] turned = new T[pair.Length];
        for (int l = 0; l < left; l++)
        {
            for (int i = 0; i < a; i++)
            {
                for (int j = 0; j < b; j++)
                {
                    pair.AsSpan(((((l * a) + i) * b) + j) * right, right).CopyTo(turned.AsSpan(((((l * b) + j) * a) + i) * right));
                }
            }
        }

        return turned;
    }
}
