namespace Polyad.Lapack;

/// <summary>The size of a library's INTEGER.</summary>
internal enum IntegerWidth
{
    /// <summary>32 bits (LP64).</summary>
    Bits32,

    /// <summary>64 bits (ILP64).</summary>
    Bits64,
}

/// <summary>
/// Finds the size of a library's INTEGER by what it does, as libblastrampoline does, not by its file name. No call breaks an argument rule:
/// the reference XERBLA stops the process.
/// </summary>
internal static unsafe class IntegerWidthProbe
{
    /// <summary>Three in the low half, negative as a whole.</summary>
    private const long ThreeOrNegative = unchecked((long)0xFFFF_FFFF_0000_0003);

    public static IntegerWidth Detect(SymbolProbe symbols)
    {
        foreach (string name in (ReadOnlySpan<string>)["isamax", "idamax"])
        {
            if (symbols.Find(name) is not 0 and nint address)
            {
                return ByLargestElement(address, isDouble: name[1] == 'd');
            }
        }

        if (symbols.Find("dpotrf") is not 0 and nint potrf)
        {
            return ByInfo(potrf);
        }

        if (symbols.Find("ddot") is not 0 and nint dot)
        {
            return ByDot(dot);
        }

        return symbols.Suffix.Contains("64", StringComparison.Ordinal) ? IntegerWidth.Bits64 : IntegerWidth.Bits32;
    }

    /// <summary>I?AMAX of three elements is 2; of a negative count it is 0.</summary>
    private static IntegerWidth ByLargestElement(nint address, bool isDouble)
    {
        double* x = stackalloc double[3] { 1, 3, 2 };
        float* y = stackalloc float[3] { 1, 3, 2 };
        long n = ThreeOrNegative, step = 1;
        int index = ((delegate* unmanaged[Cdecl]<long*, void*, long*, int>)address)(&n, isDouble ? x : y, &step);
        return index == 0 ? IntegerWidth.Bits64 : IntegerWidth.Bits32;
    }

    /// <summary>DPOTRF of the matrix (-1) reports INFO = 1; how much of a word of ones it overwrites is the size.</summary>
    private static IntegerWidth ByInfo(nint address)
    {
        byte uplo = (byte)'L';
        double a = -1;
        long n = 1, lda = 1, info = -1;
        ((delegate* unmanaged[Cdecl]<byte*, long*, void*, long*, long*, nint, void>)address)(&uplo, &n, &a, &lda, &info, 1);
        return info == 1 ? IntegerWidth.Bits64 : IntegerWidth.Bits32;
    }

    /// <summary>The dot product over a negative count is 0.</summary>
    private static IntegerWidth ByDot(nint address)
    {
        double* x = stackalloc double[3] { 1, 1, 1 };
        long n = ThreeOrNegative, step = 1;
        double dot = ((delegate* unmanaged[Cdecl]<long*, void*, long*, void*, long*, double>)address)(&n, x, &step, x, &step);
        return dot == 0 ? IntegerWidth.Bits64 : IntegerWidth.Bits32;
    }
}
