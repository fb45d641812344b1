using System.Buffers.Binary;

namespace VkInception.Graph.Training;

/// <summary>What changes from one training step to the next, as <c>shaders/include/step.glsl</c> declares it.</summary>
public record struct StepValues
{
    /// <summary>Low word of the run's seed.</summary>
    public uint SeedLow { get; set; }

    /// <summary>High word of the run's seed.</summary>
    public uint SeedHigh { get; set; }

    /// <summary>Steps taken before this one, skipped ones included: keys the dropout masks.</summary>
    public uint Number { get; set; }

    /// <summary>Every loss gradient is multiplied by it; the optimizer divides.</summary>
    public double LossScale { get; set; }

    /// <summary>Learning rate of this step, before the parameters' multipliers.</summary>
    public double LearningRate { get; set; }

    /// <summary>Largest norm of all gradients together; 0 does not clip.</summary>
    public double ClipNorm { get; set; }

    /// <summary>Decay of the exponential moving average of the weights; 0 copies them.</summary>
    public double AverageDecay { get; set; }

    /// <summary>1 − beta1^t of Adam, or alpha^t of RMSProp, t counting the updates made, this one included; <see cref="Optimizer.Prepare"/> sets both.</summary>
    public double Correction1 { get; set; }

    /// <summary>1 − beta2^t of Adam.</summary>
    public double Correction2 { get; set; }

    private readonly ReadOnlySpan<double> Numbers => new[] { LossScale, LearningRate, ClipNorm, AverageDecay, Correction1, Correction2 };

    /// <summary>Size in 32-bit words.</summary>
    /// <param name="type">What a step's floats are: single, or double, which begins on a multiple of eight bytes.</param>
    public static int Words(ElementType type) => type == ElementType.Float64 ? 4 + (6 * 2) : 3 + 6;

    /// <summary>Writes the fields as the shaders read them.</summary>
    /// <param name="memory">At least <see cref="Words"/> words.</param>
    /// <param name="type">What a step's floats are: single or double.</param>
    public readonly void Write(Span<byte> memory, ElementType type)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(memory, SeedLow);
        BinaryPrimitives.WriteUInt32LittleEndian(memory[4..], SeedHigh);
        BinaryPrimitives.WriteUInt32LittleEndian(memory[8..], Number);
        for (int i = 0; i < Numbers.Length; i++)
        {
            if (type == ElementType.Float64) BinaryPrimitives.WriteDoubleLittleEndian(memory[(16 + (8 * i))..], Numbers[i]);
            else BinaryPrimitives.WriteSingleLittleEndian(memory[(12 + (4 * i))..], (float)Numbers[i]);
        }
    }
}
