using System.Numerics;

namespace Polyad.Lapack;

/// <summary>
/// The BLAS and LAPACK routines of one precision, called through function pointers. A routine that the library lacks is null: ask <see cref="Has"/> first.
/// </summary>
/// <remarks>
/// Integers travel by address as 64-bit words for both integer sizes: on a little-endian machine a 32-bit library reads the low half of the same word.
/// The hidden lengths of Fortran CHARACTER arguments are always passed; conventions without them ignore trailing arguments.
/// </remarks>
internal sealed unsafe partial class Routines<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly delegate* unmanaged[Cdecl]<byte*, byte*, long*, long*, long*, void*, void*, long*, void*, long*, void*, void*, long*, nint, nint, void> _gemm;
    private readonly delegate* unmanaged[Cdecl]<byte*, long*, long*, void*, void*, long*, void*, long*, void*, void*, long*, nint, void> _gemv;
    private readonly delegate* unmanaged[Cdecl]<byte*, byte*, long*, long*, void*, void*, long*, void*, void*, long*, nint, nint, void> _syrk;
    private readonly delegate* unmanaged[Cdecl]<byte*, byte*, byte*, byte*, long*, long*, void*, void*, long*, void*, long*, nint, nint, nint, nint, void> _trsm;
    private readonly bool _wide;
    private readonly HashSet<Routine> _present = [];

    /// <param name="find">Gives the address of a routine by its full LAPACK name, or 0.</param>
    /// <param name="width">The library's INTEGER.</param>
    public Routines(Func<string, nint> find, IntegerWidth width)
    {
        _wide = width == IntegerWidth.Bits64;
        _gemm = (delegate* unmanaged[Cdecl]<byte*, byte*, long*, long*, long*, void*, void*, long*, void*, long*, void*, void*, long*, nint, nint, void>)Take(Routine.Gemm);
        _gemv = (delegate* unmanaged[Cdecl]<byte*, long*, long*, void*, void*, long*, void*, long*, void*, void*, long*, nint, void>)Take(Routine.Gemv);
        _syrk = (delegate* unmanaged[Cdecl]<byte*, byte*, long*, long*, void*, void*, long*, void*, void*, long*, nint, nint, void>)Take(Routine.Syrk);
        _trsm = (delegate* unmanaged[Cdecl]<byte*, byte*, byte*, byte*, long*, long*, void*, void*, long*, void*, long*, nint, nint, nint, nint, void>)Take(Routine.Trsm);
        _potrf = (delegate* unmanaged[Cdecl]<byte*, long*, void*, long*, long*, nint, void>)Take(Routine.Potrf);
        _getrf = (delegate* unmanaged[Cdecl]<long*, long*, void*, long*, void*, long*, void>)Take(Routine.Getrf);
        _geqrf = (delegate* unmanaged[Cdecl]<long*, long*, void*, long*, void*, void*, long*, long*, void>)Take(Routine.Geqrf);
        _orgqr = (delegate* unmanaged[Cdecl]<long*, long*, long*, void*, long*, void*, void*, long*, long*, void>)Take(Routine.Orgqr);
        _syevd = (delegate* unmanaged[Cdecl]<byte*, byte*, long*, void*, long*, void*, void*, long*, void*, long*, long*, nint, nint, void>)Take(Routine.Syevd);
        _gesdd = (delegate* unmanaged[Cdecl]<byte*, long*, long*, void*, long*, void*, void*, long*, void*, long*, void*, long*, void*, long*, nint, void>)Take(Routine.Gesdd);

        nint Take(Routine routine)
        {
            nint address = find(RoutineNames.Of<T>(routine));
            if (address != 0)
            {
                _present.Add(routine);
            }

            return address;
        }
    }

    /// <summary>The largest leading dimension or workspace length that the library's INTEGER holds.</summary>
    public long LargestInteger => _wide ? long.MaxValue : int.MaxValue;

    /// <summary>True when pivots are 64-bit words.</summary>
    public bool WideIntegers => _wide;

    /// <summary>Whether the library exports a routine.</summary>
    public bool Has(Routine routine) => _present.Contains(routine);

    /// <summary>C = alpha op(A) op(B) + beta C, column-major.</summary>
    public void Gemm(char transA, char transB, int m, int n, int k, T alpha, T* a, nint lda, T* b, nint ldb, T beta, T* c, nint ldc)
    {
        byte ta = (byte)transA, tb = (byte)transB;
        long lm = m, ln = n, lk = k, la = lda, lb = ldb, lc = ldc;
        VectorState.Clear();
        _gemm(&ta, &tb, &lm, &ln, &lk, &alpha, a, &la, b, &lb, &beta, c, &lc, 1, 1);
    }

    /// <summary>y = alpha op(A) x + beta y; A is m x n as stored.</summary>
    public void Gemv(char trans, int m, int n, T alpha, T* a, nint lda, T* x, nint stepX, T beta, T* y, nint stepY)
    {
        byte t = (byte)trans;
        long lm = m, ln = n, la = lda, sx = stepX, sy = stepY;
        VectorState.Clear();
        _gemv(&t, &lm, &ln, &alpha, a, &la, x, &sx, &beta, y, &sy, 1);
    }

    /// <summary>One triangle of C = alpha op(A) op(A)^T + beta C; C is n x n.</summary>
    public void Syrk(char uplo, char trans, int n, int k, T alpha, T* a, nint lda, T beta, T* c, nint ldc)
    {
        byte u = (byte)uplo, t = (byte)trans;
        long ln = n, lk = k, la = lda, lc = ldc;
        VectorState.Clear();
        _syrk(&u, &t, &ln, &lk, &alpha, a, &la, &beta, c, &lc, 1, 1);
    }

    /// <summary>Solves op(A) X = B (side 'L') or X op(A) = B (side 'R') in B, which is m x n.</summary>
    public void Trsm(char side, char uplo, char transA, char diagonal, int m, int n, T* a, nint lda, T* b, nint ldb)
    {
        byte s = (byte)side, u = (byte)uplo, t = (byte)transA, d = (byte)diagonal;
        long lm = m, ln = n, la = lda, lb = ldb;
        T one = T.One;
        VectorState.Clear();
        _trsm(&s, &u, &t, &d, &lm, &ln, &one, a, &la, b, &lb, 1, 1, 1, 1);
    }
}
