namespace VkInception.Weights;

/// <summary>What <c>inspect</c> says about a tensor's values. NaN and infinite elements are counted and left out of the rest.</summary>
/// <param name="Min">Smallest finite element; NaN where there is none.</param>
/// <param name="Max">Largest finite element; NaN where there is none.</param>
/// <param name="Mean">Mean of the finite elements; NaN where there is none.</param>
/// <param name="StandardDeviation">Population standard deviation of the finite elements; NaN where there is none.</param>
/// <param name="NaNCount">Elements that are not a number.</param>
/// <param name="InfinityCount">Elements that are infinite.</param>
public sealed record TensorStatistics(double Min, double Max, double Mean, double StandardDeviation, long NaNCount, long InfinityCount)
{
    /// <summary>Whether every element is finite.</summary>
    public bool AllFinite => NaNCount == 0 && InfinityCount == 0;

    /// <summary>Reads <paramref name="tensor"/> once, in chunks, and accumulates in float64.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileDamaged"/> or <see cref="ErrorCode.InputOutput"/> when the file fails.</exception>
    public static TensorStatistics Of(NamedTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var running = new RunningMoments();
        tensor.VisitFloat64(running.Add);
        return running.ToStatistics();
    }

    // Chan, Golub and LeVeque's pairwise update: stable where the mean is large against the deviation.
    private sealed class RunningMoments
    {
        private long count;
        private long nan;
        private long infinite;
        private double mean;
        private double squares;
        private double min = double.PositiveInfinity;
        private double max = double.NegativeInfinity;

        public void Add(ReadOnlySpan<double> values)
        {
            long finite = 0;
            double sum = 0;
            foreach (double value in values)
            {
                if (!double.IsFinite(value))
                {
                    if (double.IsNaN(value))
                        nan++;
                    else
                        infinite++;
                    continue;
                }
                finite++;
                sum += value;
                min = Math.Min(min, value);
                max = Math.Max(max, value);
            }
            if (finite > 0)
                Merge(values, finite, sum / finite);
        }

        public TensorStatistics ToStatistics() => count == 0
            ? new(double.NaN, double.NaN, double.NaN, double.NaN, nan, infinite)
            : new(min, max, mean, Math.Sqrt(squares / count), nan, infinite);

        private void Merge(ReadOnlySpan<double> values, long finite, double chunkMean)
        {
            double chunkSquares = 0;
            foreach (double value in values)
            {
                if (double.IsFinite(value))
                    chunkSquares += (value - chunkMean) * (value - chunkMean);
            }
            double delta = chunkMean - mean;
            long total = count + finite;
            squares += chunkSquares + delta * delta * count / total * finite;
            mean += delta * finite / total;
            count = total;
        }
    }
}
