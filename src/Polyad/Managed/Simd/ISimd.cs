using System.Numerics;

namespace Polyad.Managed;

/// <summary>
/// One vector width. A kernel is written once over this interface and compiled for 512, 256 and 128 bits and for scalars;
/// the JIT turns every member into one instruction. <see cref="MultiplyAdd"/> is fused where the machine has FMA, on every width alike.
/// </summary>
internal unsafe interface ISimd<TVector, T>
    where TVector : struct
    where T : unmanaged, INumberBase<T>
{
    static abstract int Count { get; }

    static abstract TVector Zero { get; }

    static abstract TVector Broadcast(T value);

    static abstract TVector Load(T* source);

    /// <summary>The last <paramref name="lanes"/> lanes of the vector that ends before <paramref name="end"/>, zeros in the others. The whole vector must be readable.</summary>
    static abstract TVector LoadLast(T* end, int lanes);

    static abstract void Store(T* destination, TVector value);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>a * b + c.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>The sum of all lanes.</summary>
    static abstract T Sum(TVector a);
}
