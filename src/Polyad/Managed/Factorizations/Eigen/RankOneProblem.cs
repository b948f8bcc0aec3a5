using System.Numerics;

namespace Polyad.Managed;

/// <summary>
/// One merge of the divide and conquer: Q (D + rho z z^T) Q^T, where Q is block diagonal with the eigenvectors of the two halves.
/// Arrays belong to the merge alone (slices of arrays for the whole matrix), so merges of disjoint halves can run at the same time.
/// </summary>
internal unsafe struct RankOneProblem<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Order of the problem, and of its upper half.</summary>
    public int Order, UpperOrder;

    /// <summary>The diagonal, then the eigenvalues, by column of Q.</summary>
    public T* D;

    /// <summary>Order x Order, column-major: the eigenvectors.</summary>
    public T* Q;

    /// <summary>Distance between columns of Q.</summary>
    public nint Stride;

    /// <summary>Column of Q that holds the i-th smallest eigenvalue; for the halves before the merge, each relative to its own first column.</summary>
    public int* Ascending;

    /// <summary>The updating vector of unit norm.</summary>
    public T* Z;

    /// <summary>Poles and weights of the secular equation, ascending poles.</summary>
    public T* Poles, Weights;

    /// <summary>Columns of Q in ascending order, kind of each column, columns kept and deflated, row of the secular eigenvectors for each pole.</summary>
    public int* Sorted, Kind, Kept, Deflated, Slot;

    /// <summary>The kept columns of Q, packed: first what is nonzero in the upper half, then in the lower half, then whole deflated columns. Order^2 elements.</summary>
    public T* Packed;

    /// <summary>Differences pole - root, then eigenvectors of the inner problem. Order^2 elements.</summary>
    public T* Inner;

    /// <summary>Poles that remain, and how many of their columns are zero below, dense, zero above.</summary>
    public int Count, UpperOnly, Dense, LowerOnly;

    /// <summary>The scale of z z^T, positive.</summary>
    public T Rho;

    /// <summary>Columns that are nonzero in the upper half.</summary>
    public readonly int UpperColumns => UpperOnly + Dense;

    /// <summary>Columns that are nonzero in the lower half.</summary>
    public readonly int LowerColumns => Dense + LowerOnly;
}
