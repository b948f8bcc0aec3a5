using System.Runtime.InteropServices;

namespace Polyad.Peers.Direct;

/// <summary>A BLAS and LAPACK with 32-bit integers (LP64) as a program calls it that has nothing between: names, pointers, column-major memory.</summary>
internal sealed unsafe class FortranLibrary<T>
    where T : unmanaged
{
    private readonly nint[] _files;

    /// <param name="paths">The file, or several that share the names between them: the first that has a name gives it.</param>
    public FortranLibrary(params string[] paths)
    {
        _files = [.. paths.Select(NativeLibrary.Load)];
        string[] setters = ["mkl_serv_set_num_threads", "openblas_set_num_threads", "omp_set_num_threads"];
        foreach (string setter in setters)
        {
            if (Export(setter) is not 0 and nint setThreads)
            {
                ((delegate* unmanaged[Cdecl]<int, void>)setThreads)(1);
            }
        }
    }

    public bool Has(string routine) => Export(Name(routine)) != 0;

    public void Gemm(char ta, char tb, int n, T* a, T* b, T* c)
    {
        byte transA = (byte)ta, transB = (byte)tb;
        T one = One, zero = default;
        ((delegate* unmanaged[Cdecl]<byte*, byte*, int*, int*, int*, T*, T*, int*, T*, int*, T*, T*, int*, void>)Address("gemm"))(&transA, &transB, &n, &n, &n, &one, a, &n, b, &n, &zero, c, &n);
    }

    public void Syrk(int n, T* a, T* c)
    {
        byte uplo = (byte)'L', trans = (byte)'N';
        T one = One, zero = default;
        ((delegate* unmanaged[Cdecl]<byte*, byte*, int*, int*, T*, T*, int*, T*, T*, int*, void>)Address("syrk"))(&uplo, &trans, &n, &n, &one, a, &n, &zero, c, &n);
    }

    public void Trsm(int n, T* a, T* b)
    {
        byte side = (byte)'L', uplo = (byte)'L', trans = (byte)'N', diagonal = (byte)'N';
        T one = One;
        ((delegate* unmanaged[Cdecl]<byte*, byte*, byte*, byte*, int*, int*, T*, T*, int*, T*, int*, void>)Address("trsm"))(&side, &uplo, &trans, &diagonal, &n, &n, &one, a, &n, b, &n);
    }

    public int Potrf(int n, T* a)
    {
        byte uplo = (byte)'L';
        int info;
        ((delegate* unmanaged[Cdecl]<byte*, int*, T*, int*, int*, void>)Address("potrf"))(&uplo, &n, a, &n, &info);
        return info;
    }

    public int Getrf(int n, T* a, int* pivots)
    {
        int info;
        ((delegate* unmanaged[Cdecl]<int*, int*, T*, int*, int*, int*, void>)Address("getrf"))(&n, &n, a, &n, pivots, &info);
        return info;
    }

    public int Geqrf(int n, T* a, T* tau, T* work, int length)
    {
        int info;
        ((delegate* unmanaged[Cdecl]<int*, int*, T*, int*, T*, T*, int*, int*, void>)Address("geqrf"))(&n, &n, a, &n, tau, work, &length, &info);
        return info;
    }

    public int Orgqr(int n, T* a, T* tau, T* work, int length)
    {
        int info;
        ((delegate* unmanaged[Cdecl]<int*, int*, int*, T*, int*, T*, T*, int*, int*, void>)Address("orgqr"))(&n, &n, &n, a, &n, tau, work, &length, &info);
        return info;
    }

    public int Syevd(char job, int n, T* a, T* w, T* work, int length, int* integers, int integerLength)
    {
        byte jobz = (byte)job, uplo = (byte)'L';
        int info;
        ((delegate* unmanaged[Cdecl]<byte*, byte*, int*, T*, int*, T*, T*, int*, int*, int*, int*, void>)Address("syevd"))(&jobz, &uplo, &n, a, &n, w, work, &length, integers, &integerLength, &info);
        return info;
    }

    public int Gesdd(char job, int n, T* a, T* s, T* u, T* vt, T* work, int length, int* integers)
    {
        byte jobz = (byte)job;
        int info;
        ((delegate* unmanaged[Cdecl]<byte*, int*, int*, T*, int*, T*, T*, int*, T*, int*, T*, int*, int*, int*, void>)Address("gesdd"))(&jobz, &n, &n, a, &n, s, u, &n, vt, &n, work, &length, integers, &info);
        return info;
    }

    private static T One => typeof(T) == typeof(float) ? (T)(object)1f : (T)(object)1.0;

    private static string Name(string routine) => (typeof(T) == typeof(float) ? "s" : "d") + routine + "_";

    private nint Address(string routine) => Export(Name(routine)) is not 0 and nint address ? address : throw new EntryPointNotFoundException(Name(routine));

    private nint Export(string name)
    {
        foreach (nint file in _files)
        {
            if (NativeLibrary.TryGetExport(file, name, out nint address))
            {
                return address;
            }
        }

        return 0;
    }
}
