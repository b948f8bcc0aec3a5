namespace Polyad.Torch;

/// <summary>Small problems with known answers, run before an engine is given out.</summary>
internal static class SelfTest
{
    /// <summary>Makes the engine and tries it; says what went wrong, or nothing.</summary>
    public static string? Run(Func<TorchBackend> create, out TorchBackend? engine)
    {
        engine = null;
        try
        {
            TorchBackend made = create();
            if ((Product(made) ?? Svd(made)) is { } wrong)
            {
                return wrong;
            }

            engine = made;
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return $"{e.GetType().Name}: {(e.InnerException ?? e).Message.Split('\n')[0]}";
        }
    }

    /// <summary>Small integers: every product and sum is exact.</summary>
    private static string? Product(TorchBackend engine)
    {
        double[,] c = new double[2, 2];
        engine.MatMul<double>(2, new double[,] { { 1, 2, 3 }, { 4, 5, 6 } }, new double[,] { { 7, 8 }, { 9, 10 }, { 11, 12 } }, 0, c);
        return c[0, 0] == 116 && c[0, 1] == 128 && c[1, 0] == 278 && c[1, 1] == 308 ? null : "a 2 x 3 by 3 x 2 product is wrong.";
    }

    /// <summary>[3 0; 4 5] has the singular values 3 sqrt 5 and sqrt 5.</summary>
    private static string? Svd(TorchBackend engine)
    {
        double[,] a = { { 3, 0 }, { 4, 5 } }, u = new double[2, 2], vt = new double[2, 2];
        double[] s = new double[2];
        engine.Svd<double>(a, u, s, vt);
        for (int i = 0; i < 2; i++)
        {
            for (int j = 0; j < 2; j++)
            {
                if (Math.Abs((u[i, 0] * s[0] * vt[0, j]) + (u[i, 1] * s[1] * vt[1, j]) - a[i, j]) > 1e-14)
                {
                    return "the factors of a 2 x 2 singular value decomposition do not multiply to the matrix.";
                }
            }
        }

        return Math.Abs(s[0] - (3 * Math.Sqrt(5))) < 1e-14 && Math.Abs(s[1] - Math.Sqrt(5)) < 1e-14 ? null : "the singular values of a 2 x 2 matrix are wrong.";
    }
}
