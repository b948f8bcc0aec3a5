namespace Polyad.Native;

/// <summary>The lwork and liwork of LAPACK. One element is enough, since the engine takes its scratch memory from a pool of its own.</summary>
internal static class Space
{
    public static bool Queried(int length) => length == -1;

    public static bool Enough(int length) => length >= 1 || Queried(length);
}
