namespace VkInception.Training;

/// <summary>A point of a curve, in the units of its axes.</summary>
internal readonly record struct CurvePoint(double X, double Y);
