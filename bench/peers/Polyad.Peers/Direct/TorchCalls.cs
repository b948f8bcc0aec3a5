using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Polyad.Peers.Direct;

/// <summary>Plain TorchSharp, as its documentation shows it: tensors made once, every result a new tensor, no autograd.</summary>
internal static class TorchCalls
{
    public static IEnumerable<DirectCall> Of<T>(Numbers<T> x)
        where T : unmanaged, INumberBase<T>
    {
        set_num_threads(1);
        Tensor a = Square(x.A), b = Square(x.B), definite = Square(x.Definite);
        yield return Call("gemm", () => matmul(a, b));
        yield return Call("gram", () => matmul(a, a.t()));
        yield return Call("solve", () => linalg.solve_triangular(definite, b, upper: false));
        yield return Call("cholesky", () => linalg.cholesky(definite));
        yield return Call("lu", () => linalg.lu_factor(a));
        yield return Call("qr", () => linalg.qr(a));
        yield return Call("eigh", () => linalg.eigh(definite));
        yield return Call("svd", () => linalg.svd(a, fullMatrices: false));
        yield return Call("svdvals", () => linalg.svdvals(a));

        Tensor Square(T[] values) => (typeof(T) == typeof(float) ? tensor((float[])(object)values) : tensor((double[])(object)values)).reshape(x.N, x.N);
    }

    private static DirectCall Call<TResult>(string operation, Func<TResult> run) => new(operation, () =>
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        run();
    });
}
