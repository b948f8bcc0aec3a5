using Polyad.Managed;

namespace Polyad;

public sealed partial class ManagedBackend
{
    /// <summary>
    /// An upper bound of the <see cref="Workspace"/> bytes that one call of a dense operation holds at its peak, outputs not counted: for planning memory before the call.
    /// A destination of LU of which neither rows nor columns are contiguous takes one matrix more. Tensor kernels work through blocks of fixed size, or of a factor, unless the tensor's layout must be packed first (then one copy of it).
    /// </summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="operation">A matrix operation. For products, rows and columns are those of the result; for a triangular solve those of the right side.</param>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="threads">The threads that the call may use.</param>
    /// <returns>Bytes; typically within a factor of two of what is used when the matrix is large.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, <paramref name="threads"/> is below 1, or the operation is a tensor kernel.</exception>
    public static long ScratchBytes<T>(LinearAlgebraOperation operation, int rows, int columns, int threads = 1)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Arguments.Supported<T>();
        return ScratchBound<T>.Bytes(operation, rows, columns, threads);
    }
}
