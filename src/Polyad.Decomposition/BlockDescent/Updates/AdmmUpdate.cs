using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// Any constraint or penalty by the alternating direction method of multipliers (Huang, Sidiropoulos, Liavas 2016): with the factor H (allowed), a free copy A and the scaled dual U,
/// A = (G + rho I)^-1 (M + rho (H + U)), H = prox_(1/rho)(A - U), U = U + H - A, rho being the mean diagonal of G. G + rho I is factored once for all inner steps, and U lasts from
/// one sweep to the next. A factor that would raise f + g is not taken.
/// </summary>
internal sealed class AdmmUpdate<T>(FactorConstraint constraint, int length, int rank, int cycles, double tolerance) : FactorUpdate<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>A step so short that only the set counts: what is then applied is the projection on the matrices that are allowed at all.</summary>
    private const double NoStep = 1e-300;

    private readonly T[] _factor = new T[length * rank];
    private readonly T[] _free = new T[length * rank];
    private readonly T[] _dual = new T[length * rank];
    private readonly T[] _right = new T[length * rank];
    private readonly T[] _spare = new T[length * rank];
    private readonly Tensor<T> _candidate = FreshMemory.Zeros<T>([length, rank]);
    private double _shift;

    public override bool IsScaleFree => constraint.Scale == ConstraintScale.Free;

    public override bool IsSymmetric => constraint.IsSymmetric;

    public override void Update(ModeSystem<T> system, Tensor<T> factor)
    {
        double shift = system.MeanTrace / rank;
        if (shift == 0)
        {
            return;
        }

        double before = system.Value(factor) + Penalty(factor);
        ToColumns(factor, _factor);
        ToColumns(system.Right, _right);
        if (constraint is OrthonormalConstraint && system is SharedModeSystem<T>)
        {
            // ||X - U Z|| does not depend on U but through <M, U>, which is largest at the polar factor of M.
            _right.CopyTo(_factor, 0);
            constraint.ApplyToColumns<T>(_factor, length, 1);
            Take(system, factor, before);
            return;
        }

        // The dual that counts is rho U.
        TensorPrimitives.Multiply(_dual, T.CreateTruncating(_shift / shift), _dual);
        _shift = shift;
        system.Shift(shift);
        for (int cycle = 0; cycle < cycles; cycle++)
        {
            Step(system, shift, out double primal, out double dual, out double size);
            if (primal <= tolerance * size && dual <= tolerance * size && Take(system, factor, before))
            {
                return;
            }
        }

        if (!Take(system, factor, before))
        {
            Array.Clear(_dual);
        }
    }

    public override void Allow(Tensor<T> factor) => Proximal(factor, NoStep);

    public override double Penalty(Tensor<T> factor)
    {
        if (constraint.Scale != ConstraintScale.Penalized)
        {
            return 0;
        }

        ToColumns(factor, _spare);
        return constraint.PenaltyOfColumns<T>(_spare, length);
    }

    public override double Residual(ModeSystem<T> system, Tensor<T> factor) => ProximalResidual(system, factor, Proximal);

    public override void Forget(int column) => _dual.AsSpan(column * length, length).Clear();

    public override void AddTo(ModelArchive archive, string prefix)
    {
        archive.Add(prefix + "dual", Tensor.Create(_dual, [rank, length]));
        archive.Add(prefix + "shift", _shift);
    }

    public override void Restore(ModelArchive archive, string prefix)
    {
        DenseData.Elements(archive.Read<T>(prefix + "dual", 2)).CopyTo(_dual);
        _shift = archive.Number(prefix + "shift");
    }

    private void Step(ModeSystem<T> system, double shift, out double primal, out double dual, out double size)
    {
        TensorPrimitives.Add<T>(_factor, _dual, _free);
        TensorPrimitives.MultiplyAdd<T>(_free, T.CreateTruncating(shift), _right, _free);
        system.SolveShifted(_free);

        _factor.CopyTo(_spare, 0);
        TensorPrimitives.Subtract<T>(_free, _dual, _factor);
        constraint.ApplyToColumns<T>(_factor, length, 1 / shift);
        TensorPrimitives.Subtract<T>(_spare, _factor, _spare);
        dual = Norm(_spare);
        TensorPrimitives.Subtract<T>(_factor, _free, _spare);
        primal = Norm(_spare);
        TensorPrimitives.Add<T>(_dual, _spare, _dual);
        size = Norm(_factor);
    }

    /// <summary>Overwrites the factor with the inner one, unless that is worse.</summary>
    private bool Take(ModeSystem<T> system, Tensor<T> factor, double before)
    {
        FromColumns(_factor, _candidate);
        if (system.Value(_candidate) + Penalty(_candidate) > before)
        {
            return false;
        }

        DenseData.Elements(_candidate).CopyTo(DenseData.Elements(factor));
        return true;
    }

    private void Proximal(Tensor<T> factor, double t)
    {
        ToColumns(factor, _spare);
        constraint.ApplyToColumns<T>(_spare, length, t);
        FromColumns(_spare, factor);
    }

    private void ToColumns(Tensor<T> factor, T[] columns) => factor.AsReadOnlyMatrix().Transpose.CopyTo(new MatrixView<T>(columns, rank, length));

    private void FromColumns(T[] columns, Tensor<T> factor) => new ReadOnlyMatrixView<T>(columns, rank, length).Transpose.CopyTo(factor.AsMatrix());

    private static double Norm(T[] values) => Math.Sqrt(double.CreateTruncating(TensorPrimitives.SumOfSquares<T>(values)));
}
