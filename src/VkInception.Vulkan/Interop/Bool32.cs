namespace Silk.NET.Core;

/// <summary>Vulkan's 32-bit truth value.</summary>
internal readonly struct Bool32 : IEquatable<Bool32>
{
    public readonly uint Value;

    public Bool32(uint value) => Value = value;

    public Bool32(bool value) => Value = value ? 1u : 0u;

    public static implicit operator bool(Bool32 value) => value.Value != 0;

    public static implicit operator uint(Bool32 value) => value.Value;

    public static implicit operator Bool32(bool value) => new(value);

    public static implicit operator Bool32(uint value) => new(value);

    public static bool operator ==(Bool32 left, Bool32 right) => left.Equals(right);

    public static bool operator !=(Bool32 left, Bool32 right) => !left.Equals(right);

    public bool Equals(Bool32 other) => (Value != 0) == (other.Value != 0);

    public override bool Equals(object? obj) => obj is Bool32 other && Equals(other);

    public override int GetHashCode() => Value != 0 ? 1 : 0;

    public override string ToString() => Value != 0 ? "true" : "false";
}
