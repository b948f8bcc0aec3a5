using System.Numerics;

namespace Polyad.Peers.Direct;

/// <summary>
/// Calls of a BLAS/LAPACK as a careful program makes them: column-major memory, workspace asked for once and kept. The routines that overwrite their input get it copied
/// first, as a program does that still needs it, and as every engine does; factors are complete matrices, with zeros where they have zeros.
/// </summary>
internal static unsafe class FortranCalls
{
    public static IEnumerable<DirectCall> Of<T>(FortranLibrary<T> library, Numbers<T> x)
        where T : unmanaged, INumberBase<T>
    {
        int n = x.N, length = (4 * n * n) + (64 * n) + 1000, integerLength = (8 * n) + 8;
        T[] first = x.NewMatrix(), second = x.NewMatrix(), third = x.NewMatrix();
        T[] values = x.New<T>(n), work = x.New<T>(length);
        int[] integers = x.New<int>(integerLength);
        int* pi = Numbers<T>.Pointer(integers);
        T* a = Numbers<T>.Pointer(x.A), b = Numbers<T>.Pointer(x.B), p1 = Numbers<T>.Pointer(first), p2 = Numbers<T>.Pointer(second), p3 = Numbers<T>.Pointer(third);
        T* pv = Numbers<T>.Pointer(values), pw = Numbers<T>.Pointer(work);
        List<DirectCall> calls = [];
        Add("gemm", ["gemm"], () => library.Gemm('N', 'N', n, a, b, p1));
        if (library.Has("syrk"))
        {
            Add("gram", ["syrk"], () => library.Syrk(n, a, p1));
        }
        else
        {
            Add("gram", ["gemm"], () => library.Gemm('N', 'T', n, a, a, p1));
        }

        Add("solve", ["trsm"], () => { x.B.CopyTo(first, 0); library.Trsm(n, Numbers<T>.Pointer(x.Definite), p1); });
        Add("cholesky", ["potrf"], () => { x.Definite.CopyTo(first, 0); Check(library.Potrf(n, p1)); x.ClearUpper(first); });
        Add("lu", ["getrf"], () => { x.Columns.CopyTo(first, 0); Check(library.Getrf(n, p1, pi)); });
        Add("qr", ["geqrf", "orgqr"], () =>
        {
            x.Columns.CopyTo(first, 0);
            Check(library.Geqrf(n, p1, pv, pw, length));
            x.CopyUpper(first, second);
            Check(library.Orgqr(n, p1, pv, pw, length));
        });
        Add("eigh", ["syevd"], () => { x.Definite.CopyTo(first, 0); Check(library.Syevd('V', n, p1, pv, pw, length, pi, integerLength)); });
        Add("svd", ["gesdd"], () => { x.Columns.CopyTo(first, 0); Check(library.Gesdd('S', n, p1, pv, p2, p3, pw, length, pi)); });
        Add("svdvals", ["gesdd"], () => { x.Columns.CopyTo(first, 0); Check(library.Gesdd('N', n, p1, pv, p2, p3, pw, length, pi)); });
        return calls;

        void Add(string operation, string[] routines, Action run)
        {
            if (routines.All(library.Has))
            {
                calls.Add(new DirectCall(operation, run));
            }
        }
    }

    private static void Check(int info)
    {
        if (info != 0)
        {
            throw new InvalidOperationException($"INFO = {info}");
        }
    }
}
