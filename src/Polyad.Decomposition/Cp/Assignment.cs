namespace Polyad.Decomposition;

/// <summary>The assignment problem: one column for each row so that the sum of scores is greatest (Kuhn 1955; the O(n^3) form with potentials of Jonker and Volgenant 1987).</summary>
internal static class Assignment
{
    /// <param name="scores">Rows x columns.</param>
    /// <param name="rows">At most <paramref name="columns"/>.</param>
    /// <param name="columns">At least <paramref name="rows"/>.</param>
    /// <returns>The column of each row.</returns>
    public static int[] Best(ReadOnlySpan<double> scores, int rows, int columns)
    {
        // Costs are -score; arrays are 1-based, 0 standing for "no row" and for the column from which a path grows.
        double[] rowPotential = new double[rows + 1], columnPotential = new double[columns + 1], slack = new double[columns + 1];
        int[] rowOf = new int[columns + 1], previous = new int[columns + 1];
        bool[] visited = new bool[columns + 1];
        for (int row = 1; row <= rows; row++)
        {
            rowOf[0] = row;
            Array.Fill(slack, double.PositiveInfinity);
            Array.Clear(visited);
            int column = 0;
            do
            {
                visited[column] = true;
                int current = rowOf[column], next = 0;
                double delta = double.PositiveInfinity;
                for (int j = 1; j <= columns; j++)
                {
                    if (visited[j])
                    {
                        continue;
                    }

                    double reduced = -scores[((current - 1) * columns) + j - 1] - rowPotential[current] - columnPotential[j];
                    if (reduced < slack[j])
                    {
                        (slack[j], previous[j]) = (reduced, column);
                    }

                    if (slack[j] < delta)
                    {
                        (delta, next) = (slack[j], j);
                    }
                }

                for (int j = 0; j <= columns; j++)
                {
                    if (visited[j])
                    {
                        rowPotential[rowOf[j]] += delta;
                        columnPotential[j] -= delta;
                    }
                    else
                    {
                        slack[j] -= delta;
                    }
                }

                column = next;
            }
            while (rowOf[column] != 0);

            while (column != 0)
            {
                int from = previous[column];
                rowOf[column] = rowOf[from];
                column = from;
            }
        }

        int[] chosen = new int[rows];
        for (int j = 1; j <= columns; j++)
        {
            if (rowOf[j] != 0)
            {
                chosen[rowOf[j] - 1] = j - 1;
            }
        }

        return chosen;
    }
}
