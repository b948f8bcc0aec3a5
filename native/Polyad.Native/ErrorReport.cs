using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Polyad.Native;

/// <summary>
/// What takes the place of LAPACK's XERBLA: tells of an illegal argument, on standard error or to the handler that the program set, and returns.
/// No managed exception passes this border: those that nobody foresaw become <see cref="OutOfMemory"/> or <see cref="InternalFailure"/>.
/// </summary>
internal static unsafe class ErrorReport
{
    /// <summary>There was no memory for scratch space (LAPACKE's number for the same).</summary>
    public const int OutOfMemory = -1010;

    /// <summary>The engine refused the call for another reason, for example because matrices overlap.</summary>
    public const int InternalFailure = -1011;

    private static nint _handler;

    /// <summary>Sets the handler, null for standard error.</summary>
    public static void SetHandler(delegate* unmanaged<byte*, int, void> handler) => Volatile.Write(ref _handler, (nint)handler);

    /// <summary>Reports argument <paramref name="parameter"/> (from 1) as illegal. Returns LAPACK's info for it.</summary>
    public static int Illegal(ReadOnlySpan<byte> routine, int parameter)
    {
        Tell(routine, parameter);
        return -parameter;
    }

    /// <summary>Reports an exception. Returns its number.</summary>
    public static int Failed(ReadOnlySpan<byte> routine, Exception exception)
    {
        int code = exception is OutOfMemoryException ? OutOfMemory : InternalFailure;
        Tell(routine, code);
        return code;
    }

    /// <param name="routine">A literal: static data, and ended by a zero beyond its length.</param>
    /// <param name="code">The number of the argument, or a negative code.</param>
    private static void Tell(ReadOnlySpan<byte> routine, int code)
    {
        var handler = (delegate* unmanaged<byte*, int, void>)Volatile.Read(ref _handler);
        if (handler != null)
        {
            handler((byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(routine)), code);
            return;
        }

        string name = System.Text.Encoding.ASCII.GetString(routine);
        string what = code > 0 ? $"parameter number {code} had an illegal value" : code == OutOfMemory ? "there was no memory" : "the call was refused";
        try
        {
            Console.Error.WriteLine($" ** On entry to {name} {what}");
        }
        catch (IOException)
        {
            // A closed standard error must not end the program.
        }
    }
}
