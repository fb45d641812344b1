namespace VkInception;

/// <summary>Order of colour channels in a network's input.</summary>
public enum ChannelOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb,
    /// <summary>Blue, green, red (Caffe, OpenCV).</summary>
    Bgr,
    /// <summary>One channel of luminance.</summary>
    Gray,
}
