using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>A fitted tensor train. All cores but the first have orthonormal rows when unfolded to r_k x (n_k r_(k+1)).</summary>
/// <param name="Cores">r_k x n_k x r_(k+1), r_0 = r_d = 1.</param>
/// <param name="RelativeError">||X - model|| / ||X|| of this model, from the differences themselves; 0 for a zero tensor.</param>
/// <param name="Iterations">Bonds that were settled, d - 1; the method is direct.</param>
/// <param name="Method">How: the least accurate way that any bond was found in.</param>
public sealed record TensorTrainResult<T>(IReadOnlyList<Tensor<T>> Cores, double RelativeError, int Iterations, SubspaceMethod Method) : TtTensor<T>(Cores)
    where T : unmanaged, INumberBase<T>
{
    /// <summary><see cref="RelativeError"/> alone: the method is direct.</summary>
    public IReadOnlyList<double> ErrorHistory => [RelativeError];

    /// <summary>Always true: the method is direct.</summary>
    public bool Converged => true;

    /// <summary>A model of these ranks cannot have less than RelativeError / sqrt(d - 1) (Oseledets 2011, corollary 2.4).</summary>
    public double BestErrorBound => RelativeError / Math.Sqrt(Math.Max(1, Order - 1));

    /// <summary>Reads what <see cref="TtTensor{T}.Save"/> wrote of a fit.</summary>
    /// <exception cref="InvalidDataException">The file is not a fitted tensor train of this element type.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static new TensorTrainResult<T> Load(string path)
    {
        ModelArchive archive = Open(path);
        TtTensor<T> model = Read(archive);
        FitRecord fit = FitRecord.Of(archive);
        return new TensorTrainResult<T>(model.Cores, fit.RelativeError, fit.Iterations, SubspaceMethods.Of(archive)) { Modes = model.Modes };
    }

    private protected override void Write(ModelArchive archive)
    {
        base.Write(archive);
        new FitRecord(RelativeError, ErrorHistory, Iterations, Converged).AddTo(archive);
        SubspaceMethods.AddTo(archive, Method);
    }
}
