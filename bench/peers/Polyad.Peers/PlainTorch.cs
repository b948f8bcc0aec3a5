using System.Reflection;
using TorchSharp;
using static TorchSharp.torch;

namespace Polyad.Peers;

/// <summary>TorchSharp without Polyad around it. The engine "torch" is asked for first: it finds libtorch and loads it where the system's C++ library is too old for TorchSharp.</summary>
internal static class PlainTorch
{
    private static readonly Lazy<bool> Loaded = new(static () =>
    {
        if (!Backend.Probe().Single(static info => info.Id == "torch").Available)
        {
            return false;
        }

        set_num_threads(1);
        return true;
    });

    public static string Version => $"TorchSharp {typeof(torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]}{(Loaded.Value ? "" : " (libtorch is missing)")}";

    /// <summary>The work of one call, its results freed at its end; null without libtorch.</summary>
    public static Action? Work<TResult>(double[,] a, Func<Tensor, TResult> run) => !Loaded.Value ? null : Eager(Square(a), run);

    /// <summary>The work on two matrices.</summary>
    public static Action? Work<TResult>(double[,] a, double[,] b, Func<Tensor, Tensor, TResult> run)
    {
        if (!Loaded.Value)
        {
            return null;
        }

        Tensor right = Square(b);
        return Eager(Square(a), left => run(left, right));
    }

    private static Tensor Square(double[,] a) => tensor(a.Cast<double>().ToArray()).reshape(a.GetLength(0), a.GetLength(1));

    private static Action Eager<TResult>(Tensor a, Func<Tensor, TResult> run) => () =>
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        run(a);
    };
}
