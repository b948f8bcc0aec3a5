namespace Polyad.Native;

/// <summary>Reads the one-letter options of BLAS and LAPACK: the first character counts, in either case. The strings' hidden lengths are never looked at.</summary>
internal static unsafe class Option
{
    /// <summary>N, T or C; C is T for real numbers.</summary>
    public static bool IsTranspose(byte* letter, out bool transposed)
    {
        transposed = Upper(letter) is (byte)'T' or (byte)'C';
        return transposed || Upper(letter) == 'N';
    }

    public static bool IsTriangle(byte* letter, out Triangle triangle) => Choose(letter, 'L', Triangle.Lower, 'U', Triangle.Upper, out triangle);

    public static bool IsSide(byte* letter, out bool left) => Choose(letter, 'L', true, 'R', false, out left);

    public static bool IsDiagonal(byte* letter, out bool unit) => Choose(letter, 'U', true, 'N', false, out unit);

    public static bool IsVectors(byte* letter, out bool vectors) => Choose(letter, 'V', true, 'N', false, out vectors);

    /// <summary>The job of xGESDD: A, S, O or N.</summary>
    public static bool IsSvdJob(byte* letter, out char job)
    {
        job = (char)Upper(letter);
        return job is 'A' or 'S' or 'O' or 'N';
    }

    private static bool Choose<TValue>(byte* letter, char first, TValue ifFirst, char second, TValue ifSecond, out TValue value)
    {
        byte upper = Upper(letter);
        value = upper == first ? ifFirst : ifSecond;
        return upper == first || upper == second;
    }

    private static byte Upper(byte* letter) => (byte)(*letter & ~0x20);
}
