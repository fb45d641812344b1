using System.Runtime.InteropServices;

namespace VkInception.Graph.Training;

/// <summary>What changes from one training step to the next, as <c>shaders/include/step.glsl</c> declares it: 32-bit fields in this order.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct StepValues
{
    /// <summary>Size in 32-bit elements.</summary>
    public const int Elements = 9;

    /// <summary>Low and high word of the run's seed.</summary>
    public uint SeedLow, SeedHigh;

    /// <summary>Steps taken before this one, skipped ones included: keys the dropout masks.</summary>
    public uint Number;

    /// <summary>Every loss gradient is multiplied by it; the optimizer divides.</summary>
    public float LossScale;

    /// <summary>Learning rate of this step, before the parameters' multipliers.</summary>
    public float LearningRate;

    /// <summary>Largest norm of all gradients together; 0 does not clip.</summary>
    public float ClipNorm;

    /// <summary>Decay of the exponential moving average of the weights; 0 copies them.</summary>
    public float AverageDecay;

    /// <summary>1 − beta1^t of Adam, or alpha^t of RMSProp, t counting the updates made, this one included; <see cref="Optimizer.Prepare"/> sets both.</summary>
    public float Correction1;

    /// <summary>1 − beta2^t of Adam.</summary>
    public float Correction2;
}
