namespace Polyad.MathNet;

/// <summary>The argument checks of Math.NET's own managed provider: the same exception types for the same mistakes.</summary>
internal static class ProviderArguments
{
    private const string SameLength = "The array arguments must have the same length.";

    public static void SameDimension(int first, int second)
    {
        if (first != second)
        {
            throw new ArgumentException("All vectors must have the same dimensionality.");
        }
    }

    /// <summary>An array that must hold a matrix and nothing else.</summary>
    public static void Matrix<T>(T[] array, int rows, int columns, string name)
    {
        ArgumentNullException.ThrowIfNull(array, name);
        if (array.Length != (long)rows * columns)
        {
            throw new ArgumentException(SameLength, name);
        }
    }

    /// <summary>An array whose first elements hold a matrix.</summary>
    public static void Room<T>(T[] array, int rows, int columns, string name)
    {
        ArgumentNullException.ThrowIfNull(array, name);
        if (array.Length < (long)rows * columns)
        {
            throw new ArgumentException($"The given array is too small. It must be at least {(long)rows * columns} long.", name);
        }
    }

    public static void Length<T>(T[] array, int length, string name)
    {
        ArgumentNullException.ThrowIfNull(array, name);
        if (array.Length != length)
        {
            throw new ArgumentException(SameLength, name);
        }
    }

    public static void Different(object first, object second)
    {
        if (ReferenceEquals(first, second))
        {
            throw new ArgumentException("Arguments must be different objects.");
        }
    }

    public static void NotWide(int rows, int columns)
    {
        if (rows < columns)
        {
            throw new ArgumentException("The number of rows must greater than or equal to the number of columns.");
        }
    }

    /// <summary>The shapes of a product, which Math.NET refuses with <see cref="ArgumentOutOfRangeException"/>.</summary>
    public static void Product(int rowsA, int columnsA, int lengthA, int rowsB, int columnsB, int lengthB, int lengthC)
    {
        if (columnsA != rowsB)
        {
            throw new ArgumentOutOfRangeException($"columnsA ({columnsA}) != rowsB ({rowsB})");
        }

        Product(rowsA, columnsA, lengthA, "a");
        Product(rowsB, columnsB, lengthB, "b");
        Product(rowsA, columnsB, lengthC, "c");
    }

    private static void Product(int rows, int columns, int length, string name)
    {
        if ((long)rows * columns != length)
        {
            throw new ArgumentOutOfRangeException($"rows ({rows}) * columns ({columns}) != {name}.Length ({length})");
        }
    }
}
