namespace VkInception.Graph;

/// <summary>Where and how a tensor lies in memory.</summary>
/// <remarks>
/// Rank 4 lies channels last: element (n, c, h, w) is at <c>Offset + ((n*H + h)*W + w)*RowStride + c</c>.
/// Other ranks lie in logical order, rows of the last axis <see cref="RowStride"/> apart.
/// A branch's slice of a concatenated tensor is a view whose row stride is the whole tensor's channel count.
/// </remarks>
/// <param name="Shape">Logical shape.</param>
/// <param name="Storage">The block it lies in.</param>
/// <param name="Offset">First element in the block, in elements.</param>
/// <param name="RowStride">Elements from one row to the next.</param>
public sealed record TensorView(Shape Shape, Storage Storage, long Offset, int RowStride)
{
    /// <summary>Elements that lie together: channels of a rank-4 tensor, the last axis otherwise.</summary>
    public int RowLength => RowLengthOf(Shape);

    /// <summary>Number of rows: pixels of all images for rank 4.</summary>
    public long Rows => Shape.Count / RowLength;

    /// <summary>Whether nothing lies between the rows.</summary>
    public bool IsDense => RowStride == RowLength;

    /// <summary>What its elements are.</summary>
    public ElementType Type => Storage.Type;

    /// <summary>What sums of its elements are kept in: single precision, or double where the elements are double.</summary>
    public ElementType SumType => Type == ElementType.Float64 ? ElementType.Float64 : ElementType.Float32;

    /// <summary>First byte in the block.</summary>
    public long OffsetBytes => Offset * Storage.ElementBytes;

    /// <summary>Bytes from the first element to behind the last.</summary>
    public long ExtentBytes => Extent * Storage.ElementBytes;

    /// <summary>Whether every row begins on, and has, a multiple of four elements: loads of four are legal.</summary>
    public bool IsVec4 => RowLength % 4 == 0 && RowStride % 4 == 0 && Offset % 4 == 0;

    /// <summary>Elements from the first to behind the last that the view touches.</summary>
    public long Extent => (Rows - 1) * RowStride + RowLength;

    /// <summary>Whether both are slices of one block's rows, side by side: their ranges interleave, but no element is shared.</summary>
    public bool IsBeside(TensorView other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Storage != other.Storage || RowStride != other.RowStride) return false;
        long mine = Offset % RowStride, theirs = other.Offset % RowStride;
        bool staysInRow = mine + RowLength <= RowStride && theirs + other.RowLength <= RowStride;
        return staysInRow && (mine + RowLength <= theirs || theirs + other.RowLength <= mine);
    }

    /// <summary>Whether the two share an element.</summary>
    public bool Overlaps(TensorView other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Storage == other.Storage && Offset < other.Offset + other.Extent && other.Offset < Offset + Extent && !IsBeside(other);
    }

    /// <summary>A dense view of a whole block.</summary>
    public static TensorView Dense(Shape shape, Storage storage) => new(shape, storage, 0, RowLengthOf(shape));

    /// <summary>Length of a row of a shape: C for rank 4, the last extent otherwise.</summary>
    public static int RowLengthOf(Shape shape) => shape.Rank switch { 0 => 1, 4 => shape.C, _ => shape[-1] };
}
