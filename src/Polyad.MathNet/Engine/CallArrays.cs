namespace Polyad.MathNet;

/// <summary>The column-major arrays of one call, which go back to the shelf when it ends.</summary>
internal sealed class CallArrays(ArrayShelf shelf) : IDisposable
{
    /// <summary>Elements from which an array is worth keeping: smaller ones are cheaper new.</summary>
    private const int Worthwhile = 4096;

    private readonly List<Array> _taken = [];

    /// <summary>An array for a matrix, zeroed: Math.NET relies on it.</summary>
    /// <exception cref="NotSupportedException">The matrix has more elements than an array.</exception>
    public T[] Create<T>(int rows, int columns)
    {
        T[] array = Take<T>(rows, columns);
        Array.Clear(array);
        return array;
    }

    /// <summary>An array with the entries of a matrix.</summary>
    /// <exception cref="NotSupportedException">The matrix has more elements than an array.</exception>
    public T[] CopyOf<T>(in ReadOnlyMatrixView<T> a)
        where T : unmanaged
    {
        T[] copy = Take<T>(a.Rows, a.Columns);
        a.CopyTo(ColumnMajorArray.View(copy, a.Rows, a.Columns));
        return copy;
    }

    public void Dispose()
    {
        _taken.ForEach(shelf.Put);
        _taken.Clear();
    }

    private T[] Take<T>(int rows, int columns)
    {
        long count = (long)rows * columns;
        if (count > Array.MaxLength)
        {
            throw new NotSupportedException($"Math.NET keeps a matrix in one array; {rows} x {columns} has {count} elements, an array at most {Array.MaxLength}.");
        }

        if (count < Worthwhile)
        {
            return new T[count];
        }

        T[] array = shelf.Take<T>((int)count) ?? GC.AllocateUninitializedArray<T>((int)count);
        _taken.Add(array);
        return array;
    }
}
