namespace Polyad.Managed;

/// <summary>
/// The vectors of a panel in one buffer, in the order v_{k-1} .. v_0 w_0 .. w_{k-1}: the first k pairs are always contiguous, and read backwards
/// each v_i stands where w_i stood, so that V W^T + W V^T is one product of the block with its mirror image.
/// </summary>
internal readonly unsafe struct TridiagonalPanel<T>(T* data, nint stride, int order, int width)
    where T : unmanaged
{
    public readonly nint Stride = stride;
    public readonly int Order = order;
    public readonly int Width = width;
    private readonly T* _middle = data + (width * stride);

    public T* V(int i) => _middle - ((i + 1) * Stride);

    public T* W(int i) => _middle + (i * Stride);

    /// <summary>What the panel before has written above the rows that this one writes.</summary>
    public void ClearRows(int from, int to)
    {
        from = Math.Max(from, 0);
        for (int i = -Width; i < Width; i++)
        {
            new Span<T>(_middle + (i * Stride) + from, to - from).Clear();
        }
    }

    public MatrixBlock<T> Columns(int pairs, int row) => new(_middle - (pairs * Stride) + row, Order - row, 2 * pairs, 1, Stride);

    public MatrixBlock<T> Mirrored(int pairs, int row) => new(_middle + ((pairs - 1) * Stride) + row, Order - row, 2 * pairs, 1, -Stride);
}
