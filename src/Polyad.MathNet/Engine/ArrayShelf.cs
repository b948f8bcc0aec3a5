namespace Polyad.MathNet;

/// <summary>
/// Arrays of exact lengths that calls leave behind for the next ones: fresh memory for three matrices of order 256 costs a tenth of Math.NET's product. Only weakly held, so
/// that a full collection frees what lies here. Safe for concurrent use.
/// </summary>
internal sealed class ArrayShelf
{
    private readonly Lock _gate = new();
    private readonly WeakReference<Array>?[] _places = new WeakReference<Array>?[12];
    private int _next;

    /// <summary>Takes an array of the length from the shelf, its content what was left in it; null when there is none.</summary>
    public T[]? Take<T>(int length)
    {
        lock (_gate)
        {
            foreach (ref WeakReference<Array>? place in _places.AsSpan())
            {
                if (place is not null && place.TryGetTarget(out Array? array) && array is T[] { } found && found.Length == length)
                {
                    place = null;
                    return found;
                }
            }
        }

        return null;
    }

    /// <summary>Puts an array that nobody uses any more on the shelf, where it is full in place of another.</summary>
    public void Put(Array array)
    {
        lock (_gate)
        {
            _places[_next] = new WeakReference<Array>(array);
            _next = (_next + 1) % _places.Length;
        }
    }
}
