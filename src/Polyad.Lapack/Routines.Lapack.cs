namespace Polyad.Lapack;

internal sealed unsafe partial class Routines<T>
{
    private readonly delegate* unmanaged[Cdecl]<byte*, long*, void*, long*, long*, nint, void> _potrf;
    private readonly delegate* unmanaged[Cdecl]<long*, long*, void*, long*, void*, long*, void> _getrf;
    private readonly delegate* unmanaged[Cdecl]<long*, long*, void*, long*, void*, void*, long*, long*, void> _geqrf;
    private readonly delegate* unmanaged[Cdecl]<long*, long*, long*, void*, long*, void*, void*, long*, long*, void> _orgqr;
    private readonly delegate* unmanaged[Cdecl]<byte*, byte*, long*, void*, long*, void*, void*, long*, void*, long*, long*, nint, nint, void> _syevd;
    private readonly delegate* unmanaged[Cdecl]<byte*, long*, long*, void*, long*, void*, void*, long*, void*, long*, void*, long*, void*, long*, nint, void> _gesdd;

    /// <summary>Cholesky of one triangle in place. Returns INFO.</summary>
    public long Potrf(char uplo, int n, T* a, nint lda)
    {
        byte u = (byte)uplo;
        long ln = n, la = lda, info = 0;
        VectorState.Clear();
        _potrf(&u, &ln, a, &la, &info, 1);
        return Info(info);
    }

    /// <summary>LU with partial pivoting in place; <paramref name="pivots"/> receives 0-based row swaps. Returns INFO.</summary>
    public long Getrf(int m, int n, T* a, nint lda, int* pivots)
    {
        int count = Math.Min(m, n);
        long lm = m, ln = n, la = lda, info = 0;
        if (_wide)
        {
            using Scratch<long> wide = Workspace.Rent<long>(count);
            VectorState.Clear();
            _getrf(&lm, &ln, a, &la, wide.Pointer, &info);
            for (int i = 0; i < count; i++)
            {
                pivots[i] = (int)wide.Pointer[i] - 1;
            }
        }
        else
        {
            VectorState.Clear();
            _getrf(&lm, &ln, a, &la, pivots, &info);
            for (int i = 0; i < count; i++)
            {
                pivots[i]--;
            }
        }

        return Info(info);
    }

    /// <summary>Householder QR in place: R above, reflectors below.</summary>
    public void Geqrf(int m, int n, T* a, nint lda, T* tau)
    {
        long lm = m, ln = n, la = lda, info = 0, length = -1;
        T best;
        _geqrf(&lm, &ln, a, &la, tau, &best, &length, &info);
        length = WorkLength(best, n);
        using Scratch<T> work = Workspace.Rent<T>((nint)length);
        VectorState.Clear();
        _geqrf(&lm, &ln, a, &la, tau, work.Pointer, &length, &info);
        Refused(info, "geqrf");
    }

    /// <summary>The first <paramref name="n"/> columns of the product of <paramref name="k"/> reflectors, in place.</summary>
    public void Orgqr(int m, int n, int k, T* a, nint lda, T* tau)
    {
        long lm = m, ln = n, lk = k, la = lda, info = 0, length = -1;
        T best;
        _orgqr(&lm, &ln, &lk, a, &la, tau, &best, &length, &info);
        length = WorkLength(best, n);
        using Scratch<T> work = Workspace.Rent<T>((nint)length);
        VectorState.Clear();
        _orgqr(&lm, &ln, &lk, a, &la, tau, work.Pointer, &length, &info);
        Refused(info, "orgqr");
    }

    /// <summary>Eigenvalues, ascending, and with <paramref name="vectors"/> the eigenvectors in place of A. Returns INFO.</summary>
    public long Syevd(bool vectors, char uplo, int n, T* a, nint lda, T* w)
    {
        byte job = (byte)(vectors ? 'V' : 'N'), u = (byte)uplo;
        long ln = n, la = lda, info = 0, length = -1, integerLength = -1, integers = 0;
        T best;
        _syevd(&job, &u, &ln, a, &la, w, &best, &length, &integers, &integerLength, &info, 1, 1);
        length = WorkLength(best, vectors ? 1 + (6L * n) + (2L * n * n) : (2L * n) + 1);
        integerLength = Math.Max(Info(integers), vectors ? 3 + (5L * n) : 1);
        using Scratch<T> work = Workspace.Rent<T>((nint)length);
        using Scratch<long> integerWork = Workspace.Rent<long>((nint)integerLength);
        VectorState.Clear();
        _syevd(&job, &u, &ln, a, &la, w, work.Pointer, &length, integerWork.Pointer, &integerLength, &info, 1, 1);
        return Info(info);
    }

    /// <summary>SVD by divide and conquer; A is destroyed. Job 'S' thin, 'A' full, 'N' values alone. Returns INFO.</summary>
    public long Gesdd(char job, int m, int n, T* a, nint lda, T* s, T* u, nint ldu, T* vt, nint ldvt)
    {
        byte j = (byte)job;
        long lm = m, ln = n, la = lda, lu = ldu, lv = ldvt, info = 0, length = -1;
        int k = Math.Min(m, n);
        T best;
        using Scratch<long> integerWork = Workspace.Rent<long>(8 * (nint)k);
        _gesdd(&j, &lm, &ln, a, &la, s, u, &lu, vt, &lv, &best, &length, integerWork.Pointer, &info, 1);
        length = WorkLength(best, SvdWorkMinimum(job, m, n));
        using Scratch<T> work = Workspace.Rent<T>((nint)length);
        VectorState.Clear();
        _gesdd(&j, &lm, &ln, a, &la, s, u, &lu, vt, &lv, work.Pointer, &length, integerWork.Pointer, &info, 1);
        return Info(info);
    }

    /// <summary>Whether the workspace of an SVD fits the library's INTEGER.</summary>
    public bool SvdFits(char job, int m, int n) => SvdWorkMinimum(job, m, n) <= LargestInteger;

    /// <summary>Whether the workspace of an eigendecomposition with vectors fits the library's INTEGER.</summary>
    public bool EigenFits(int n) => 1 + (6L * n) + (2L * n * n) <= LargestInteger;

    /// <summary>The largest minimum that any LAPACK release documents: early ones answer the query with too little.</summary>
    private static long SvdWorkMinimum(char job, int m, int n)
    {
        long small = Math.Min(m, n), large = Math.Max(m, n);
        return job == 'N' ? (3 * small) + Math.Max(large, 7 * small) : (3 * small) + Math.Max(large, (4 * small * small) + (4 * small)) + large;
    }

    private long Info(long info) => _wide ? info : (int)info;

    /// <summary>The length that a workspace query answered (a real number, which a float may have rounded down), at least the documented minimum.</summary>
    private long WorkLength(T answer, long minimum)
    {
        double length = double.CreateTruncating(answer);
        length = typeof(T) == typeof(float) ? Math.Ceiling(length * (1 + 1.2e-7)) : length;
        return Math.Min(Math.Max(Math.Max(minimum, 1), double.IsFinite(length) ? (long)length : 0), LargestInteger);
    }

    private void Refused(long info, string routine)
    {
        if (Info(info) is var code and < 0)
        {
            throw new InvalidOperationException($"{routine} refused its argument {-code}.");
        }
    }
}
