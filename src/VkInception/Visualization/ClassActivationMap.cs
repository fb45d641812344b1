using System.Collections.Immutable;

namespace VkInception.Visualization;

/// <summary>Where a network sees a class in one image.</summary>
/// <param name="Node">The tensor whose maps were weighed.</param>
/// <param name="Method"><see cref="ActivationMethod.Cam"/> or <see cref="ActivationMethod.GradCam"/>.</param>
/// <param name="Class">The class.</param>
/// <param name="Probability">How likely the network thinks it, 0 to 1.</param>
/// <param name="Height">Rows of the map.</param>
/// <param name="Width">Columns of the map.</param>
/// <param name="Values">Row by row; more is more of the class. Grad-CAM has nothing under 0.</param>
public sealed record ClassActivationMap(string Node, ActivationMethod Method, int Class, float Probability, int Height, int Width, ImmutableArray<float> Values);
