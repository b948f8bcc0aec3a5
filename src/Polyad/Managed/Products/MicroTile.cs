using System.Runtime.CompilerServices;

namespace Polyad.Managed;

/// <summary>A number that the JIT sees as a constant, so that one kernel source becomes several register tiles.</summary>
internal interface ITileCount
{
    static abstract int Count { get; }
}

/// <summary>None.</summary>
internal readonly struct None : ITileCount
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 0;
    }
}

/// <summary>One.</summary>
internal readonly struct One : ITileCount
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 1;
    }
}

/// <summary>Two.</summary>
internal readonly struct Two : ITileCount
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2;
    }
}

/// <summary>Three.</summary>
internal readonly struct Three : ITileCount
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 3;
    }
}

/// <summary>Four.</summary>
internal readonly struct Four : ITileCount
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 4;
    }
}

/// <summary>Five.</summary>
internal readonly struct Five : ITileCount
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 5;
    }
}

/// <summary>Six.</summary>
internal readonly struct Six : ITileCount
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 6;
    }
}

/// <summary>Seven.</summary>
internal readonly struct Seven : ITileCount
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 7;
    }
}

/// <summary>Eight.</summary>
internal readonly struct Eight : ITileCount
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 8;
    }
}

/// <summary>Nine.</summary>
internal readonly struct Nine : ITileCount
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 9;
    }
}

/// <summary>Ten.</summary>
internal readonly struct Ten : ITileCount
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 10;
    }
}

/// <summary>Eleven.</summary>
internal readonly struct Eleven : ITileCount
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 11;
    }
}

/// <summary>Twelve.</summary>
internal readonly struct Twelve : ITileCount
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 12;
    }
}

/// <summary>Thirteen.</summary>
internal readonly struct Thirteen : ITileCount
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 13;
    }
}

/// <summary>Fourteen.</summary>
internal readonly struct Fourteen : ITileCount
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 14;
    }
}
