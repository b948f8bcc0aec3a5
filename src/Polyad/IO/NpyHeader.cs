namespace Polyad.IO;

/// <summary>What the header of a <c>.npy</c> array says (NumPy's format, versions 1.0, 2.0 and 3.0).</summary>
/// <param name="ElementType">The element type by NumPy's code without byte order: f2, f4, f8, i1, i2, i4, i8, u1, u2, u4, u8 or b1.</param>
/// <param name="BigEndian">Whether elements are stored most significant byte first.</param>
/// <param name="FortranOrder">Whether the first index varies fastest.</param>
/// <param name="Shape">The lengths of the modes; empty for a scalar.</param>
public sealed record NpyHeader(string ElementType, bool BigEndian, bool FortranOrder, IReadOnlyList<int> Shape)
{
    /// <summary>Bytes of one element.</summary>
    public int ElementSize => ElementType[1] - '0';

    /// <summary>Number of elements: the product of the shape, 1 for a scalar.</summary>
    public long Count
    {
        get
        {
            long count = 1;
            foreach (int length in Shape)
            {
                count *= length;
            }

            return count;
        }
    }

    /// <summary>"f8 64 x 12 x 10".</summary>
    public override string ToString() => $"{ElementType} {(Shape.Count == 0 ? "scalar" : string.Join(" x ", Shape))}";
}
